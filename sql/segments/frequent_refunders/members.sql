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
    buyers.*,
    habits.refunded_order_count,
    round(100 * buyers.refunded_amount / buyers.lifetime_amount, 4) as refunded_pct
from buyers
inner join habits
    on
        buyers.channel_code = habits.channel_code
        and buyers.account_key = habits.buyer_key
where
    habits.refunded_order_count >= :minimum_refunded_order_count
    and buyers.lifetime_amount > 0
    and 100 * buyers.refunded_amount >= :minimum_refunded_pct * buyers.lifetime_amount
