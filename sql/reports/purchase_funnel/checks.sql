-- Each statement returns the rows that are wrong.

-- fail: Days on which a later stage has more carts than an earlier one.
select
    funnel.channel_code,
    funnel.store_key,
    funnel.cart_date
from report.purchase_funnel as funnel
inner join refresh_scope as scope
    on
        funnel.channel_code = scope.channel_code
        and funnel.cart_date = scope.cart_date
where
    funnel.filled_cart_count > funnel.created_cart_count
    or funnel.contact_cart_count > funnel.filled_cart_count
    or funnel.purchased_cart_count > funnel.contact_cart_count;

-- warn: Days in the future, from carts that the store dated wrongly.
select
    funnel.channel_code,
    funnel.store_key,
    funnel.cart_date
from report.purchase_funnel as funnel
inner join ops.channels as channels
    on funnel.channel_code = channels.channel_code
where funnel.cart_date > (:now at time zone channels.timezone)::date;

-- warn: Channels with orders and no cart at all: their store lists none, so nothing is known of carts there.
select channels.channel_code
from ops.channels as channels
where
    channels.is_active
    and exists (
        select orders.order_key
        from crm.orders as orders
        where orders.channel_code = channels.channel_code and orders.deleted_at is null
    )
    and not exists (
        select carts.cart_key
        from crm.carts as carts
        where carts.channel_code = channels.channel_code
    );
