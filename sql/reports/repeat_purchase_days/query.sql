-- grain: one row per channel, day, order's number among the buyer's (10: 10 and more) and days to the next
-- time zone: order_date is the day in the channel's zone
-- currency: none
with orders as (
    select
        orders.channel_code,
        orders.order_date,
        least(orders.order_number_of_buyer, 10) as order_number,
        case
            when orders.next_ordered_at <= orders.ordered_at + interval '365 days'
                then extract(epoch from orders.next_ordered_at - orders.ordered_at) / 86400
        end as time_to_next
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
    ceil(orders.time_to_next) as days_to_next,
    count(*) as order_count,
    coalesce(sum(orders.time_to_next), 0) as time_to_next_qty
from orders
group by
    orders.channel_code,
    orders.order_date,
    orders.order_number,
    ceil(orders.time_to_next)
