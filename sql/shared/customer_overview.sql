-- grain: one row per customer, registered or guest, that is not gone
-- time zone: instants are UTC
-- currency: reporting_currency_code, each order at its own rate; crm.customer_totals has every base currency
create or replace view crm.customer_overview as
with carts as (
    select
        carts.customer_key,
        count(*) filter (where carts.status = 'open') as open_cart_count,
        count(*) filter (where carts.status = 'purchased') as purchased_cart_count,
        count(*) filter (where carts.status = 'expired') as expired_cart_count,
        count(*) filter (where carts.status = 'lost') as lost_cart_count,
        count(*) filter (where carts.status = 'converted_to_opportunity') as converted_cart_count
    from crm.carts as carts
    where
        carts.customer_key is not null
        and (carts.deleted_at is null or carts.status = 'expired')
    group by carts.customer_key
),

totals as (
    select *
    from crm.customer_totals
    where is_reporting_currency
),

-- An order's own page shows its comments always; the customer's only where the channel says so.
comments as (
    select
        orders.customer_key,
        count(*) as order_comment_count,
        max(comments.source_created_at) as last_order_comment_at,
        (
            array_agg(comments.comment_text order by comments.source_created_at desc nulls last)
        )[1] as last_order_comment
    from crm.order_comments as comments
    inner join crm.orders as orders
        on comments.order_key = orders.order_key
    inner join ops.channels as channels
        on comments.channel_code = channels.channel_code
    where
        channels.is_showing_order_comments
        and comments.comment_text is not null
        and comments.deleted_at is null
        and orders.deleted_at is null
        and orders.customer_key is not null
    group by orders.customer_key
),

subscriptions as (
    select distinct on (entries.customer_key)
        entries.customer_key,
        entries.status as newsletter_status
    from crm.newsletter_entries_of_customers as entries
    order by
        entries.customer_key asc,
        entries.rank asc,
        entries.spoken_at desc,
        entries.newsletter_subscriber_key desc
)

select
    customers.customer_key,
    customers.channel_code,
    customers.account_key,
    customers.is_guest,
    customers.email,
    customers.first_name,
    customers.last_name,
    coalesce(carts.open_cart_count, 0) as open_cart_count,
    coalesce(carts.purchased_cart_count, 0) as purchased_cart_count,
    coalesce(carts.expired_cart_count, 0) as expired_cart_count,
    coalesce(carts.lost_cart_count, 0) as lost_cart_count,
    coalesce(carts.converted_cart_count, 0) as converted_cart_count,
    coalesce(totals.order_count, 0) as order_count,
    coalesce(totals.unconverted_order_count, 0) as unconverted_order_count,
    totals.first_order_at,
    totals.last_order_at,
    coalesce(totals.credit_memo_count, 0) as credit_memo_count,
    case when channels.is_showing_order_comments then coalesce(comments.order_comment_count, 0) end
        as order_comment_count,
    comments.last_order_comment_at,
    comments.last_order_comment,
    subscriptions.newsletter_status,
    coalesce(totals.lifetime_amount, 0) as lifetime_amount,
    coalesce(totals.refund_amount, 0) as refund_amount,
    coalesce(totals.lifetime_net_amount, 0) as lifetime_net_amount,
    coalesce(totals.open_cart_amount, 0) as open_cart_amount,
    channels.reporting_currency_code
from crm.customers as customers
inner join ops.channels as channels
    on customers.channel_code = channels.channel_code
left join carts
    on customers.customer_key = carts.customer_key
left join totals
    on customers.customer_key = totals.customer_key
left join comments
    on customers.customer_key = comments.customer_key
left join subscriptions
    on customers.customer_key = subscriptions.customer_key
where customers.deleted_at is null;

comment on view crm.customer_overview is
'One row per customer, registered or guest, not gone: what they put aside, bought, gave back and said.';
comment on column crm.customer_overview.customer_key is 'The customer; key of crm.customers.';
comment on column crm.customer_overview.channel_code is 'The channel they came through.';
comment on column crm.customer_overview.account_key is 'The account they belong to; key of crm.accounts.';
comment on column crm.customer_overview.is_guest is 'Whether the person bought without registering.';
comment on column crm.customer_overview.email is 'Address as the store holds it. NULL where it has none.';
comment on column crm.customer_overview.first_name is 'First name. NULL where the store has none.';
comment on column crm.customer_overview.last_name is 'Last name. NULL where the store has none.';
comment on column crm.customer_overview.open_cart_count is 'Carts still open.';
comment on column crm.customer_overview.purchased_cart_count is 'Carts that became orders.';
comment on column crm.customer_overview.expired_cart_count is
'Carts that the store closed or that are gone from it without an order.';
comment on column crm.customer_overview.lost_cart_count is 'Carts that the CRM side gave up.';
comment on column crm.customer_overview.converted_cart_count is
'Carts that the CRM side made an opportunity of.';
comment on column crm.customer_overview.order_count is 'Orders that count.';
comment on column crm.customer_overview.unconverted_order_count is
'Of these, orders without a rate to the reporting currency; they are in no amount.';
comment on column crm.customer_overview.first_order_at is
'The first of these orders (UTC). NULL: none has a date.';
comment on column crm.customer_overview.last_order_at is
'The last of these orders (UTC). NULL: none has a date.';
comment on column crm.customer_overview.credit_memo_count is 'Credit memos of these orders.';
comment on column crm.customer_overview.order_comment_count is
'Comments of all orders, also cancelled ones. NULL: the channel shows them on the order only.';
comment on column crm.customer_overview.last_order_comment_at is
'When the last of them was written (UTC). NULL: none, or the channel shows them on the order only.';
comment on column crm.customer_overview.last_order_comment is
'Its text; may hold HTML. NULL: none, or the channel shows them on the order only.';
comment on column crm.customer_overview.newsletter_status is
'subscribed, not_active, unsubscribed or unconfirmed, as last changed. NULL: never on a list, or unknown.';
comment on column crm.customer_overview.lifetime_amount is
'Subtotal less discount of the orders that count, without tax and shipping.';
comment on column crm.customer_overview.refund_amount is
'What credit memos took back of it: lines less discount and their adjustment.';
comment on column crm.customer_overview.lifetime_net_amount is 'lifetime_amount less refund_amount.';
comment on column crm.customer_overview.open_cart_amount is
'What the open carts come to, tax and shipping included; those without a rate are left out.';
comment on column crm.customer_overview.reporting_currency_code is
'Currency of the amounts: the channel''s reporting currency.';
