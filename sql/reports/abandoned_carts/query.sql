-- grain: one row per open cart with items that nobody has touched for the waiting time
-- time zone: cart_date is the day in the channel's zone; instants are UTC
-- currency: base currency of the cart
with carts as (
    select
        carts_that_count.*,
        customers.account_key
    from crm.carts_that_count
    inner join refresh_scope as scope
        on carts_that_count.cart_key = scope.cart_key
    left join crm.customers as customers
        on carts_that_count.customer_key = customers.customer_key
    where
        carts_that_count.status = 'open'
        and carts_that_count.has_items
        and carts_that_count.last_activity_at <= :now - make_interval(mins => :waiting_minutes)
)

select
    carts.cart_key,
    carts.channel_code,
    carts.store_key,
    carts.customer_key,
    carts.source_created_at as begun_at,
    carts.cart_date,
    carts.last_activity_at,
    carts.last_activity_at + make_interval(mins => :waiting_minutes) as abandoned_at,
    carts.item_count,
    carts.item_qty,
    carts.base_currency_code,
    carts.base_revenue_amount as revenue_amount,
    carts.base_grand_total_amount as grand_total_amount,
    carts.reporting_currency_code,
    carts.base_to_reporting_rate,
    carts.has_contact as is_contactable,
    subscriptions.status as newsletter_status,
    coalesce(subscriptions.status = 'subscribed', false) as has_consent,
    recoveries.order_key is not null as is_recovered,
    recoveries.order_key as recovered_order_key,
    recoveries.ordered_at as recovered_at
from carts
left join lateral (
    select entries.status
    from crm.newsletter_entries_of_customers as entries
    where entries.customer_key = carts.customer_key
    order by
        entries.rank asc,
        entries.source_updated_at desc nulls last,
        entries.newsletter_subscriber_key desc
    limit 1
) as subscriptions on true
left join lateral (
    select
        orders.order_key,
        orders.ordered_at
    from report.sales_orders as orders
    where
        orders.buyer_key = coalesce(carts.account_key, carts.customer_key)
        and orders.channel_code = carts.channel_code
        and orders.ordered_at > carts.last_activity_at
    order by
        orders.ordered_at asc,
        orders.order_key asc
    limit 1
) as recoveries on true
