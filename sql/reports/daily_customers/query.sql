-- grain: one row per channel, day, base currency and kind of period
-- time zone: sales_date is the day in the channel's zone
-- currency: base currency of the orders tells rows apart; no amounts
with days as (
    select
        orders.channel_code,
        orders.order_date as sales_date,
        orders.base_currency_code,
        count(*) filter (where orders.is_first_of_day) as of_day,
        count(*) filter (where orders.is_first_of_week) as of_week,
        count(*) filter (where orders.is_first_of_month) as of_month,
        count(*) filter (where orders.is_first_of_quarter) as of_quarter,
        count(*) filter (where orders.is_first_of_year) as of_year,
        count(*) filter (
            where orders.is_first_of_day and orders.first_order_date = orders.order_date
        ) as new_of_day,
        count(*) filter (
            where
            orders.is_first_of_week and orders.first_order_date >= date_trunc('week', orders.order_date)::date
        ) as new_of_week,
        count(*) filter (
            where
            orders.is_first_of_month
            and orders.first_order_date >= date_trunc('month', orders.order_date)::date
        ) as new_of_month,
        count(*) filter (
            where
            orders.is_first_of_quarter
            and orders.first_order_date >= date_trunc('quarter', orders.order_date)::date
        ) as new_of_quarter,
        count(*) filter (
            where
            orders.is_first_of_year and orders.first_order_date >= date_trunc('year', orders.order_date)::date
        ) as new_of_year
    from report.sales_orders as orders
    inner join refresh_scope as scope
        on
            orders.channel_code = scope.channel_code
            and orders.order_date = scope.scope_date
    where orders.is_identified
    group by
        orders.channel_code,
        orders.order_date,
        orders.base_currency_code
)

select
    days.channel_code,
    days.sales_date,
    days.base_currency_code,
    kinds.period_kind,
    kinds.customer_count,
    kinds.new_customer_count
from days
cross join
    lateral (
        values
        ('day', days.of_day, days.new_of_day),
        ('week', days.of_week, days.new_of_week),
        ('month', days.of_month, days.new_of_month),
        ('quarter', days.of_quarter, days.new_of_quarter),
        ('year', days.of_year, days.new_of_year)
    ) as kinds (period_kind, customer_count, new_customer_count)
where kinds.customer_count > 0
