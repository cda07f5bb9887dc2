-- Days, months and years of the statistics are the same orders.

-- fail: Weeks, months or quarters of a channel and currency do not add up to its days: orders or revenue.
with days as (
    select
        channel_code,
        base_currency_code,
        sum(order_count) as order_count,
        sum(revenue_amount) as revenue_amount
    from report.daily_sales
    group by
        channel_code,
        base_currency_code
),

periods as (
    select
        channel_code,
        base_currency_code,
        period_kind,
        sum(order_count) as order_count,
        sum(revenue_amount) as revenue_amount
    from report.ecommerce_statistics
    group by
        channel_code,
        base_currency_code,
        period_kind
)

select
    periods.channel_code,
    periods.base_currency_code,
    periods.period_kind,
    periods.order_count as order_count_of_periods,
    days.order_count as order_count_of_days,
    periods.revenue_amount as revenue_amount_of_periods,
    days.revenue_amount as revenue_amount_of_days
from periods
left join days
    on
        periods.channel_code = days.channel_code
        and coalesce(periods.base_currency_code, '') = coalesce(days.base_currency_code, '')
where
    periods.period_kind <> 'year_to_date'
    and (
        periods.order_count <> coalesce(days.order_count, 0)
        or periods.revenue_amount <> coalesce(days.revenue_amount, 0)
    );

-- fail: Carts of a channel, currency and month are not those of its days: left behind, bought or worth.
with months as (
    select
        channel_code,
        base_currency_code,
        date_trunc('month', period_start_date::timestamp)::date as month_date,
        sum(abandoned_cart_count) as abandoned_cart_count,
        sum(purchased_cart_count) as purchased_cart_count,
        sum(abandoned_revenue_amount) as abandoned_revenue_amount
    from report.ecommerce_statistics
    where period_kind = 'month'
    group by
        channel_code,
        base_currency_code,
        date_trunc('month', period_start_date::timestamp)
),

days as (
    select
        channel_code,
        base_currency_code,
        date_trunc('month', cart_date::timestamp)::date as month_date,
        sum(abandoned_cart_count) as abandoned_cart_count,
        sum(purchased_cart_count) as purchased_cart_count,
        sum(abandoned_revenue_amount) as abandoned_revenue_amount
    from report.abandoned_cart_rate
    group by
        channel_code,
        base_currency_code,
        date_trunc('month', cart_date::timestamp)
)

select
    coalesce(months.channel_code, days.channel_code) as channel_code,
    coalesce(months.base_currency_code, days.base_currency_code) as base_currency_code,
    coalesce(months.month_date, days.month_date) as month_date,
    months.abandoned_cart_count as abandoned_cart_count_of_months,
    days.abandoned_cart_count as abandoned_cart_count_of_days,
    months.purchased_cart_count as purchased_cart_count_of_months,
    days.purchased_cart_count as purchased_cart_count_of_days,
    months.abandoned_revenue_amount as abandoned_revenue_amount_of_months,
    days.abandoned_revenue_amount as abandoned_revenue_amount_of_days
from months
full outer join days
    on
        months.channel_code = days.channel_code
        and coalesce(months.base_currency_code, '') = coalesce(days.base_currency_code, '')
        and months.month_date = days.month_date
where
    coalesce(months.abandoned_cart_count, 0) <> coalesce(days.abandoned_cart_count, 0)
    or coalesce(months.purchased_cart_count, 0) <> coalesce(days.purchased_cart_count, 0)
    or coalesce(months.abandoned_revenue_amount, 0) <> coalesce(days.abandoned_revenue_amount, 0);
