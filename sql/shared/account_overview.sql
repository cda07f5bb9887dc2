-- grain: one row per account and channel in which one of its customers is not gone
-- time zone: instants are UTC
-- currency: reporting_currency_code, each order at its own rate; crm.account_totals has every base currency
create or replace view crm.account_overview as
with members as (
    select
        customers.account_key,
        customers.channel_code,
        count(*) as customer_count,
        count(*) filter (where not customers.is_guest) as registered_customer_count,
        sum(customers.open_cart_count)::bigint as open_cart_count,
        sum(customers.purchased_cart_count)::bigint as purchased_cart_count,
        sum(customers.expired_cart_count)::bigint as expired_cart_count,
        sum(customers.lost_cart_count)::bigint as lost_cart_count,
        sum(customers.converted_cart_count)::bigint as converted_cart_count,
        sum(customers.order_comment_count)::bigint as order_comment_count,
        max(customers.last_order_comment_at) as last_order_comment_at,
        (
            array_agg(customers.last_order_comment order by customers.last_order_comment_at desc nulls last)
        )[1] as last_order_comment,
        bool_or(customers.newsletter_status = 'subscribed') as has_subscribed_customer,
        customers.reporting_currency_code
    from crm.customer_overview as customers
    group by
        customers.account_key,
        customers.channel_code,
        customers.reporting_currency_code
)

select
    members.account_key,
    members.channel_code,
    accounts.account_name,
    accounts.owner_name,
    members.customer_count,
    members.registered_customer_count,
    members.open_cart_count,
    members.purchased_cart_count,
    members.expired_cart_count,
    members.lost_cart_count,
    members.converted_cart_count,
    coalesce(totals.order_count, 0) as order_count,
    coalesce(totals.unconverted_order_count, 0) as unconverted_order_count,
    totals.first_order_at,
    totals.last_order_at,
    coalesce(totals.credit_memo_count, 0) as credit_memo_count,
    members.order_comment_count,
    members.last_order_comment_at,
    members.last_order_comment,
    members.has_subscribed_customer,
    coalesce(totals.lifetime_amount, 0) as lifetime_amount,
    coalesce(totals.refund_amount, 0) as refund_amount,
    coalesce(totals.lifetime_net_amount, 0) as lifetime_net_amount,
    coalesce(totals.open_cart_amount, 0) as open_cart_amount,
    members.reporting_currency_code
from members
inner join crm.accounts as accounts
    on members.account_key = accounts.account_key
left join crm.account_totals as totals
    on
        members.account_key = totals.account_key
        and members.channel_code = totals.channel_code
        and totals.is_reporting_currency;

comment on view crm.account_overview is
'One row per account and channel: what the account''s customers put aside, bought, gave back and said there.';
comment on column crm.account_overview.account_key is 'The account; key of crm.accounts.';
comment on column crm.account_overview.channel_code is
'The channel; another channel may have another currency.';
comment on column crm.account_overview.account_name is
'Name of the account. NULL where neither name nor e-mail is known.';
comment on column crm.account_overview.owner_name is 'Who looks after it. NULL: nobody yet.';
comment on column crm.account_overview.customer_count is 'Its customers in the channel, guests included.';
comment on column crm.account_overview.registered_customer_count is 'Of these, registered ones.';
comment on column crm.account_overview.open_cart_count is 'Carts still open.';
comment on column crm.account_overview.purchased_cart_count is 'Carts that became orders.';
comment on column crm.account_overview.expired_cart_count is
'Carts that the store closed or that are gone from it without an order.';
comment on column crm.account_overview.lost_cart_count is 'Carts that the CRM side gave up.';
comment on column crm.account_overview.converted_cart_count is
'Carts that the CRM side made an opportunity of.';
comment on column crm.account_overview.order_count is
'Orders that count, also of customers who are gone from the store.';
comment on column crm.account_overview.unconverted_order_count is
'Of these, orders without a rate to the reporting currency; they are in no amount.';
comment on column crm.account_overview.first_order_at is
'The first of these orders (UTC). NULL: none has a date.';
comment on column crm.account_overview.last_order_at is
'The last of these orders (UTC). NULL: none has a date.';
comment on column crm.account_overview.credit_memo_count is 'Credit memos of these orders.';
comment on column crm.account_overview.order_comment_count is
'Comments of all orders, also cancelled ones. NULL: the channel shows them on the order only.';
comment on column crm.account_overview.last_order_comment_at is
'When the last of them was written (UTC). NULL: none, or the channel shows them on the order only.';
comment on column crm.account_overview.last_order_comment is
'Its text; may hold HTML. NULL: none, or the channel shows them on the order only.';
comment on column crm.account_overview.has_subscribed_customer is
'Whether a customer of it, guests included, is subscribed to a newsletter. NULL: none was ever on a list.';
comment on column crm.account_overview.lifetime_amount is
'Subtotal less discount of the orders that count, without tax and shipping.';
comment on column crm.account_overview.refund_amount is
'What credit memos took back of it: lines less discount and their adjustment.';
comment on column crm.account_overview.lifetime_net_amount is 'lifetime_amount less refund_amount.';
comment on column crm.account_overview.open_cart_amount is
'What the open carts come to, tax and shipping included; those without a rate are left out.';
comment on column crm.account_overview.reporting_currency_code is
'Currency of the amounts: the channel''s reporting currency.';
