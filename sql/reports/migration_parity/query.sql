-- grain: one row per pair of channels, day and base currency
-- time zone: order_date is the day in the zone of the order's channel, the old one's where both have it
-- currency: base currency of the orders, one per row; each shop's amounts stand in the row of its own
with sides as (
    select
        orders.old_channel_code,
        orders.new_channel_code,
        orders.order_date,
        orders.old_base_currency_code as base_currency_code,
        orders.verdict,
        true as is_old,
        orders.old_grand_total_amount as grand_total_amount
    from report.migration_orders as orders
    where orders.old_order_key is not null
    union all
    select
        orders.old_channel_code,
        orders.new_channel_code,
        orders.order_date,
        orders.new_base_currency_code as base_currency_code,
        orders.verdict,
        false as is_old,
        orders.new_grand_total_amount as grand_total_amount
    from report.migration_orders as orders
    where orders.new_order_key is not null
)

select
    sides.old_channel_code,
    sides.new_channel_code,
    sides.order_date,
    sides.base_currency_code,
    count(*) filter (where sides.is_old) as old_order_count,
    count(*) filter (where not sides.is_old) as new_order_count,
    count(*) filter (where sides.is_old and sides.verdict = 'same') as same_order_count,
    count(*) filter (where sides.is_old and sides.verdict = 'differing') as differing_order_count,
    count(*) filter (where sides.verdict = 'missing') as missing_order_count,
    count(*) filter (where sides.verdict = 'added') as added_order_count,
    coalesce(sum(sides.grand_total_amount) filter (where sides.is_old), 0) as old_grand_total_amount,
    coalesce(sum(sides.grand_total_amount) filter (where not sides.is_old), 0) as new_grand_total_amount,
    coalesce(sum(sides.grand_total_amount) filter (where not sides.is_old), 0)
    - coalesce(sum(sides.grand_total_amount) filter (where sides.is_old), 0) as difference_amount
from sides
group by
    sides.old_channel_code,
    sides.new_channel_code,
    sides.order_date,
    sides.base_currency_code
