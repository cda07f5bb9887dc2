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
