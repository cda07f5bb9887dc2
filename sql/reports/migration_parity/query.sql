-- grain: one row per pair of channels, day and base currency
-- time zone: order_date is the day in the zone of the order's channel, the old one's where both have it
-- currency: base currency of the orders, one per row
select
    orders.old_channel_code,
    orders.new_channel_code,
    orders.order_date,
    orders.base_currency_code,
    count(orders.old_order_key) as old_order_count,
    count(orders.new_order_key) as new_order_count,
    count(*) filter (where orders.verdict = 'same') as same_order_count,
    count(*) filter (where orders.verdict = 'differing') as differing_order_count,
    count(*) filter (where orders.verdict = 'missing') as missing_order_count,
    count(*) filter (where orders.verdict = 'added') as added_order_count,
    coalesce(sum(orders.old_grand_total_amount), 0) as old_grand_total_amount,
    coalesce(sum(orders.new_grand_total_amount), 0) as new_grand_total_amount,
    coalesce(sum(orders.new_grand_total_amount), 0)
    - coalesce(sum(orders.old_grand_total_amount), 0) as difference_amount
from report.migration_orders as orders
group by
    orders.old_channel_code,
    orders.new_channel_code,
    orders.order_date,
    orders.base_currency_code
