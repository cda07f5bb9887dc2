-- Each statement returns the rows that are wrong.

-- fail: Carts whose status is not that of the cart, or that nothing was in.
select
    abandoned.cart_key,
    carts.status
from report.abandoned_carts as abandoned
inner join refresh_scope as scope
    on abandoned.cart_key = scope.cart_key
inner join crm.carts as carts
    on abandoned.cart_key = carts.cart_key
where
    carts.status is distinct from abandoned.status
    or (carts.status <> 'purchased' and coalesce(carts.items_qty, 0) <= 0);

-- fail: Carts that were bought before anybody could call them left.
select
    abandoned.cart_key,
    abandoned.abandoned_at
from report.abandoned_carts as abandoned
inner join refresh_scope as scope
    on abandoned.cart_key = scope.cart_key
where
    abandoned.status = 'purchased'
    and not exists (
        select orders.order_key
        from crm.orders as orders
        where
            orders.cart_key = abandoned.cart_key
            and orders.source_created_at >= abandoned.abandoned_at
    );

-- fail: Carts that are recovered by an order from before they were left, or that does not count.
select
    abandoned.cart_key,
    abandoned.recovered_order_key
from report.abandoned_carts as abandoned
inner join refresh_scope as scope
    on abandoned.cart_key = scope.cart_key
left join report.sales_orders as orders
    on abandoned.recovered_order_key = orders.order_key
where
    abandoned.is_recovered
    and (orders.order_key is null or orders.ordered_at <= abandoned.last_activity_at);

-- warn: Channels with orders and no cart at all: their store lists none, so nothing is known of carts there.
select channels.channel_code
from ops.channels as channels
where
    channels.is_active
    and exists (
        select orders.order_key
        from report.sales_orders as orders
        where orders.channel_code = channels.channel_code
    )
    and not exists (
        select carts.cart_key
        from crm.carts as carts
        where carts.channel_code = channels.channel_code
    );
