-- Carts that changed, carts of people whose record, account, orders or newsletter entry changed, and carts
-- that crossed the waiting time since the last refresh without anything happening at all.
with entries as (
    select touched.touched_key as newsletter_subscriber_key
    from touched
    where touched.subject = 'newsletter_subscriber'
),

changed as (
    select touched.touched_key as customer_key
    from touched
    where touched.subject in ('customer', 'sales_orders.buyer')
    union
    select customers.customer_key
    from entries
    inner join crm.customers_of_newsletter_entries as customers
        on entries.newsletter_subscriber_key = customers.newsletter_subscriber_key
),

accounts as (
    select touched.touched_key as account_key
    from touched
    where touched.subject in ('account', 'sales_orders.buyer')
    union
    select customers.account_key
    from changed
    inner join crm.customers as customers
        on changed.customer_key = customers.customer_key
    where customers.account_key is not null
),

-- Whoever says no at one address of an account is not written to at the others.
people as (
    select changed.customer_key
    from changed
    union
    select customers.customer_key
    from accounts
    inner join crm.customers as customers
        on accounts.account_key = customers.account_key
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
union
-- Carts of nobody who is a customer, with an address typed into them.
select addresses.cart_key
from entries
inner join crm.newsletter_subscribers as subscribers
    on entries.newsletter_subscriber_key = subscribers.newsletter_subscriber_key
inner join crm.cart_addresses as addresses
    on
        subscribers.channel_code = addresses.channel_code
        and subscribers.email_normalised = addresses.email_normalised
