-- Each statement returns the rows that are wrong.

-- fail: Periods of a kind do not add up to the daily sales.
with kinds as (
    select
        statistics.channel_code,
        statistics.base_currency_code,
        statistics.period_kind,
        sum(statistics.order_count) as order_count,
        sum(statistics.revenue_amount) as revenue_amount
    from report.ecommerce_statistics as statistics
    group by
        statistics.channel_code,
        statistics.base_currency_code,
        statistics.period_kind
),

days as (
    select
        sales.channel_code,
        sales.base_currency_code,
        sum(sales.order_count) as order_count,
        sum(sales.revenue_amount) as revenue_amount
    from report.daily_sales as sales
    group by
        sales.channel_code,
        sales.base_currency_code
    having sum(sales.order_count) > 0
)

select
    days.channel_code,
    days.base_currency_code,
    kinds.period_kind,
    days.order_count,
    kinds.order_count as reported_order_count,
    days.revenue_amount,
    kinds.revenue_amount as reported_revenue_amount
from days
left join kinds
    on
        days.channel_code = kinds.channel_code
        and days.base_currency_code is not distinct from kinds.base_currency_code
where
    days.order_count is distinct from kinds.order_count
    or days.revenue_amount is distinct from kinds.revenue_amount;

-- fail: More customers than orders, or fewer than none who return.
select
    statistics.channel_code,
    statistics.base_currency_code,
    statistics.period_kind,
    statistics.period_start_date
from report.ecommerce_statistics as statistics
where
    statistics.customer_count > statistics.order_count
    or statistics.returning_customer_count < 0;

-- fail: A period that is over is not the one before of the next.
select
    later.channel_code,
    later.base_currency_code,
    later.period_kind,
    later.period_start_date
from report.ecommerce_statistics as later
inner join report.ecommerce_statistics as earlier
    on
        later.channel_code = earlier.channel_code
        and later.base_currency_code is not distinct from earlier.base_currency_code
        and later.period_kind = earlier.period_kind
        and later.period_start_date = earlier.period_end_date + 1
where
    not later.is_under_way
    and (
        later.previous_revenue_amount <> earlier.revenue_amount
        or later.previous_customer_count <> earlier.customer_count
    )
