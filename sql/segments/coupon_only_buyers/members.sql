-- grain: one row per channel and account with enough orders, all with a coupon
-- time zone: dates are days in the channel's zone
-- currency: reporting currency of the channel, at each order's own rate
with habits as (
    select
        orders.channel_code,
        orders.buyer_key,
        bool_and(orders.coupon_code is not null) as is_coupon_only
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
    customers.rfm_label
from report.customer_value as customers
inner join habits
    on
        customers.channel_code = habits.channel_code
        and customers.buyer_key = habits.buyer_key
where
    customers.is_reporting_currency
    and customers.order_count >= :minimum_order_count
    and habits.is_coupon_only
