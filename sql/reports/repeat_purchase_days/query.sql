-- grain: one row per channel, day and number of the order among the buyer's, 10 for 10 and more
-- time zone: order_date is the day in the channel's zone
-- currency: none
with orders as (
    select
        orders.channel_code,
        orders.order_date,
        least(orders.order_number_of_buyer, 10) as order_number,
        extract(epoch from orders.next_ordered_at - orders.ordered_at) / 86400 as days_to_next
    from report.sales_orders as orders
    inner join refresh_scope as scope
        on
            orders.channel_code = scope.channel_code
            and orders.order_date = scope.scope_date
    where orders.is_identified
)

select
    orders.channel_code,
    orders.order_date,
    orders.order_number,
    count(*) as order_count,
    count(*) filter (where orders.days_to_next <= 30) as followed_within_30_count,
    coalesce(sum(orders.days_to_next) filter (where orders.days_to_next <= 30), 0) as days_within_30_qty,
    count(*) filter (where orders.days_to_next <= 90) as followed_within_90_count,
    coalesce(sum(orders.days_to_next) filter (where orders.days_to_next <= 90), 0) as days_within_90_qty,
    count(*) filter (where orders.days_to_next <= 180) as followed_within_180_count,
    coalesce(sum(orders.days_to_next) filter (where orders.days_to_next <= 180), 0) as days_within_180_qty,
    count(*) filter (where orders.days_to_next <= 365) as followed_within_365_count,
    coalesce(sum(orders.days_to_next) filter (where orders.days_to_next <= 365), 0) as days_within_365_qty
from orders
group by
    orders.channel_code,
    orders.order_date,
    orders.order_number
