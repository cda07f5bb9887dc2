-- grain: one row per open order
-- time zone: order_date is the day in the channel's zone; instants are UTC; days of age are of 24 hours
-- currency: base currency of the order
with open_orders as (
    select
        counted.order_key,
        counted.channel_code,
        counted.store_key,
        orders.order_number,
        orders.state,
        orders.status,
        counted.source_created_at as ordered_at,
        counted.order_date,
        counted.base_currency_code,
        counted.base_grand_total_amount as grand_total_amount
    from crm.orders_that_count as counted
    inner join refresh_scope as scope
        on counted.order_key = scope.order_key
    inner join crm.orders as orders
        on counted.order_key = orders.order_key
    where
        orders.state is null
        or orders.state not in ('complete', 'closed')
)

select
    open_orders.order_key,
    open_orders.channel_code,
    open_orders.store_key,
    open_orders.order_number,
    open_orders.state,
    open_orders.status,
    open_orders.ordered_at,
    open_orders.order_date,
    ages.open_days_from,
    ages.open_days_below,
    coalesce(open_orders.ordered_at <= :now - make_interval(days => :late_after_days), false) as is_late,
    open_orders.base_currency_code,
    open_orders.grand_total_amount
from open_orders
left join (
    values (0, 1), (1, 3), (3, 7), (7, 14), (14, 30), (30, 90), (90, null)
) as ages (open_days_from, open_days_below)
    on
        (
            ages.open_days_from = 0
            or open_orders.ordered_at <= :now - make_interval(days => ages.open_days_from)
        )
        and (
            ages.open_days_below is null
            or open_orders.ordered_at > :now - make_interval(days => ages.open_days_below)
        )
        and open_orders.ordered_at is not null
