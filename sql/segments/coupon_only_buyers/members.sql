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

select buyers.*
from buyers
inner join habits
    on
        buyers.channel_code = habits.channel_code
        and buyers.account_key = habits.buyer_key
where
    buyers.order_count >= :minimum_order_count
    and habits.is_coupon_only
