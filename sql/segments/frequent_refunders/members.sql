-- grain: one row per channel and account that gives back often and much
-- time zone: dates are days in the channel's zone
-- currency: reporting currency of the channel, at each order's own rate
with habits as (
    select
        orders.channel_code,
        orders.buyer_key,
        count(*) filter (where orders.refunded_amount > 0) as refunded_order_count
    from report.sales_orders as orders
    inner join refresh_scope as scope
        on orders.buyer_key = scope.touched_key
    group by
        orders.channel_code,
        orders.buyer_key
)

select
    customers.channel_code,
    customers.buyer_key as account_key,
    customers.order_count,
    customers.first_order_date,
    customers.last_order_date,
    customers.lifetime_amount,
    customers.lifetime_net_amount,
    customers.currency_code as reporting_currency_code,
    customers.rfm_label,
    habits.refunded_order_count,
    round(100 * customers.refunded_amount / customers.lifetime_amount, 4) as refunded_pct
from report.customer_value as customers
inner join habits
    on
        customers.channel_code = habits.channel_code
        and customers.buyer_key = habits.buyer_key
where
    customers.is_reporting_currency
    and habits.refunded_order_count >= :minimum_refunded_order_count
    and customers.lifetime_amount > 0
    and 100 * customers.refunded_amount >= :minimum_refunded_pct * customers.lifetime_amount
