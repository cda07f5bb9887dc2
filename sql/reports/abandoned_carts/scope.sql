-- Carts that changed, carts of people whose record, account, orders or newsletter entry changed, and carts
-- that crossed the waiting time since the last refresh without anything happening at all.
with entries as (
    select subscribers.*
    from touched
    inner join crm.newsletter_subscribers as subscribers
        on touched.touched_key = subscribers.newsletter_subscriber_key
    where touched.subject = 'newsletter_subscriber'
),

addresses as (
    select
        entries.channel_code,
        entries.email_normalised
    from entries
    union
    select
        entries.channel_code,
        lower(btrim(versions.email)) as email_normalised
    from entries
    inner join crm.newsletter_subscribers_history as versions
        on entries.newsletter_subscriber_key = versions.newsletter_subscriber_key
),

people as (
    select touched.touched_key as customer_key
    from touched
    where touched.subject in ('customer', 'sales_orders.buyer')
    union
    select customers.customer_key
    from touched
    inner join crm.customers as customers
        on touched.touched_key = customers.account_key
    where touched.subject in ('account', 'sales_orders.buyer')
    union
    select customers.customer_key
    from addresses
    inner join crm.customers as customers
        on
            addresses.email_normalised = customers.email_normalised
            and addresses.channel_code = customers.channel_code
),

-- One way in for each index that tells when a cart last changed.
waited as (
    select carts.cart_key
    from crm.carts as carts
    where
        carts.source_updated_at > :refreshed_at - make_interval(mins => :waiting_minutes)
        and carts.source_updated_at <= :now - make_interval(mins => :waiting_minutes)
    union all
    select carts.cart_key
    from crm.carts as carts
    where
        carts.source_updated_at is null
        and carts.source_created_at > :refreshed_at - make_interval(mins => :waiting_minutes)
        and carts.source_created_at <= :now - make_interval(mins => :waiting_minutes)
    union all
    select carts.cart_key
    from crm.carts as carts
    where
        carts.source_updated_at is null
        and carts.source_created_at is null
        and carts.first_seen_at > :refreshed_at - make_interval(mins => :waiting_minutes)
        and carts.first_seen_at <= :now - make_interval(mins => :waiting_minutes)
)

select touched.touched_key as cart_key
from touched
where touched.subject in ('cart', 'cart_of_order')
union
select orders.cart_key
from touched
inner join crm.orders as orders
    on touched.touched_key = orders.order_key
where
    touched.subject = 'sales_orders.order'
    and orders.cart_key is not null
union
select carts.cart_key
from people
inner join crm.carts as carts
    on people.customer_key = carts.customer_key
union
select waited.cart_key
from waited
