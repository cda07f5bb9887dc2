-- grain: one row per channel, base currency, kind of period and period
-- time zone: days in the channel's zone; today is its day at the instant of the refresh
-- currency: base currency of the orders, one per row
with kinds as (
    select
        kinds.period_kind,
        kinds.truncated_to,
        kinds.one_period
    from (
        values
        ('day', 'day', interval '1 day'),
        ('week', 'week', interval '7 days'),
        ('month', 'month', interval '1 month'),
        ('quarter', 'quarter', interval '3 months'),
        ('year_to_date', 'year', interval '1 year')
    ) as kinds (period_kind, truncated_to, one_period)
),

days as (
    select
        sales.channel_code,
        sales.base_currency_code,
        kinds.period_kind,
        kinds.truncated_to,
        kinds.one_period,
        sales.sales_date,
        sum(sales.order_count) as order_count,
        sum(sales.discounted_order_count) as discounted_order_count,
        sum(sales.revenue_amount) as revenue_amount,
        0 as customer_count,
        0 as new_customer_count,
        0 as abandoned_cart_count,
        0 as purchased_cart_count,
        0 as abandoned_revenue_amount
    from report.daily_sales as sales
    cross join kinds
    where sales.order_count > 0
    group by
        sales.channel_code,
        sales.base_currency_code,
        kinds.period_kind,
        kinds.truncated_to,
        kinds.one_period,
        sales.sales_date
    union all
    select
        customers.channel_code,
        customers.base_currency_code,
        kinds.period_kind,
        kinds.truncated_to,
        kinds.one_period,
        customers.sales_date,
        0 as order_count,
        0 as discounted_order_count,
        0 as revenue_amount,
        customers.customer_count,
        customers.new_customer_count,
        0 as abandoned_cart_count,
        0 as purchased_cart_count,
        0 as abandoned_revenue_amount
    from report.daily_customers as customers
    inner join kinds
        on customers.period_kind = kinds.truncated_to
    union all
    select
        carts.channel_code,
        carts.base_currency_code,
        kinds.period_kind,
        kinds.truncated_to,
        kinds.one_period,
        carts.cart_date as sales_date,
        0 as order_count,
        0 as discounted_order_count,
        0 as revenue_amount,
        0 as customer_count,
        0 as new_customer_count,
        carts.abandoned_cart_count,
        carts.purchased_cart_count,
        carts.abandoned_revenue_amount
    from report.abandoned_cart_rate as carts
    cross join kinds
),

dated as (
    select
        days.*,
        date_trunc(days.truncated_to, days.sales_date::timestamp)::date as own_start_date,
        (:now at time zone channels.timezone)::date as today
    from days
    inner join ops.channels as channels
        on days.channel_code = channels.channel_code
),

-- Each day counts for its own period, and for the one after it as what that is compared with.
counted as (
    select
        dated.channel_code,
        dated.base_currency_code,
        dated.period_kind,
        dated.one_period,
        dated.today,
        places.period_start_date,
        sum(dated.order_count) filter (where not places.is_previous) as order_count,
        sum(dated.discounted_order_count) filter (where not places.is_previous) as discounted_order_count,
        sum(dated.revenue_amount) filter (where not places.is_previous) as revenue_amount,
        sum(dated.customer_count) filter (where not places.is_previous) as customer_count,
        sum(dated.new_customer_count) filter (where not places.is_previous) as new_customer_count,
        sum(dated.abandoned_cart_count) filter (where not places.is_previous) as abandoned_cart_count,
        sum(dated.purchased_cart_count) filter (where not places.is_previous) as purchased_cart_count,
        sum(dated.abandoned_revenue_amount) filter (where not places.is_previous) as abandoned_revenue_amount,
        sum(dated.order_count) filter (where places.is_previous) as previous_order_count,
        sum(dated.discounted_order_count) filter (where places.is_previous) as previous_discounted_count,
        sum(dated.revenue_amount) filter (where places.is_previous) as previous_revenue_amount,
        sum(dated.customer_count) filter (where places.is_previous) as previous_customer_count,
        sum(dated.new_customer_count) filter (where places.is_previous) as previous_new_customer_count,
        sum(dated.abandoned_cart_count) filter (where places.is_previous) as previous_abandoned_cart_count,
        sum(dated.purchased_cart_count) filter (where places.is_previous) as previous_purchased_cart_count,
        sum(dated.abandoned_revenue_amount) filter (where places.is_previous) as previous_abandoned_amount
    from dated
    cross join
        lateral (
            values
            (dated.own_start_date, false),
            ((dated.own_start_date + dated.one_period)::date, true)
        ) as places (period_start_date, is_previous)
    where
        not places.is_previous
        or (
            places.period_start_date <= dated.today
            and (
                places.period_start_date + dated.one_period <= dated.today
                or dated.sales_date <= dated.today - dated.one_period
            )
        )
    group by
        dated.channel_code,
        dated.base_currency_code,
        dated.period_kind,
        dated.one_period,
        dated.today,
        places.period_start_date
),

final as (
    select
        counted.channel_code,
        counted.base_currency_code,
        counted.period_kind,
        counted.period_start_date,
        (counted.period_start_date + counted.one_period)::date - 1 as period_end_date,
        counted.period_start_date + counted.one_period > counted.today as is_under_way,
        coalesce(counted.order_count, 0) as order_count,
        coalesce(counted.discounted_order_count, 0) as discounted_order_count,
        coalesce(counted.revenue_amount, 0) as revenue_amount,
        coalesce(counted.customer_count, 0) as customer_count,
        coalesce(counted.new_customer_count, 0) as new_customer_count,
        coalesce(counted.abandoned_cart_count, 0) as abandoned_cart_count,
        coalesce(counted.purchased_cart_count, 0) as purchased_cart_count,
        coalesce(counted.abandoned_revenue_amount, 0) as abandoned_revenue_amount,
        coalesce(counted.previous_order_count, 0) as previous_order_count,
        coalesce(counted.previous_discounted_count, 0) as previous_discounted_count,
        coalesce(counted.previous_revenue_amount, 0) as previous_revenue_amount,
        coalesce(counted.previous_customer_count, 0) as previous_customer_count,
        coalesce(counted.previous_new_customer_count, 0) as previous_new_customer_count,
        coalesce(counted.previous_abandoned_cart_count, 0) as previous_abandoned_cart_count,
        coalesce(counted.previous_purchased_cart_count, 0) as previous_purchased_cart_count,
        coalesce(counted.previous_abandoned_amount, 0) as previous_abandoned_revenue_amount
    from counted
)

select
    channel_code,
    base_currency_code,
    period_kind,
    period_start_date,
    period_end_date,
    is_under_way,
    order_count,
    revenue_amount,
    round(revenue_amount / nullif(order_count, 0), 4) as average_order_value_amount,
    discounted_order_count,
    round(100.0 * discounted_order_count / nullif(order_count, 0), 4) as discounted_order_pct,
    customer_count,
    new_customer_count,
    customer_count - new_customer_count as returning_customer_count,
    abandoned_cart_count,
    purchased_cart_count,
    abandoned_cart_count::numeric / nullif(abandoned_cart_count + purchased_cart_count, 0) as abandon_rate,
    abandoned_revenue_amount,
    previous_order_count,
    previous_revenue_amount,
    round(previous_revenue_amount / nullif(previous_order_count, 0), 4)
        as previous_average_order_value_amount,
    round(100.0 * previous_discounted_count / nullif(previous_order_count, 0), 4)
        as previous_discounted_order_pct,
    previous_customer_count,
    previous_new_customer_count,
    previous_customer_count - previous_new_customer_count as previous_returning_customer_count,
    previous_abandoned_cart_count,
    previous_abandoned_cart_count::numeric
    / nullif(previous_abandoned_cart_count + previous_purchased_cart_count, 0) as previous_abandon_rate,
    previous_abandoned_revenue_amount,
    round(100.0 * (revenue_amount - previous_revenue_amount) / nullif(previous_revenue_amount, 0), 4)
        as revenue_change_pct
from final
