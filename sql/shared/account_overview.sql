-- grain: one row per account and channel in which one of its customers is not gone
-- time zone: instants are UTC
-- currency: reporting_currency_code of the channel, each order at its own rate
create or replace view crm.account_overview as
select
    customers.account_key,
    customers.channel_code,
    accounts.account_name,
    accounts.owner_name,
    count(*) as customer_count,
    count(*) filter (where not customers.is_guest) as registered_customer_count,
    sum(customers.open_cart_count)::bigint as open_cart_count,
    sum(customers.purchased_cart_count)::bigint as purchased_cart_count,
    sum(customers.expired_cart_count)::bigint as expired_cart_count,
    sum(customers.lost_cart_count)::bigint as lost_cart_count,
    sum(customers.converted_cart_count)::bigint as converted_cart_count,
    sum(customers.order_count)::bigint as order_count,
    sum(customers.unconverted_order_count)::bigint as unconverted_order_count,
    min(customers.first_order_at) as first_order_at,
    max(customers.last_order_at) as last_order_at,
    sum(customers.credit_memo_count)::bigint as credit_memo_count,
    sum(customers.order_comment_count)::bigint as order_comment_count,
    max(customers.last_order_comment_at) as last_order_comment_at,
    (
        array_agg(customers.last_order_comment order by customers.last_order_comment_at desc nulls last)
    )[1] as last_order_comment,
    bool_or(customers.newsletter_status = 'subscribed') as has_subscribed_customer,
    sum(customers.lifetime_amount) as lifetime_amount,
    sum(customers.refund_amount) as refund_amount,
    sum(customers.lifetime_net_amount) as lifetime_net_amount,
    customers.reporting_currency_code
from crm.customer_overview as customers
inner join crm.accounts as accounts
    on customers.account_key = accounts.account_key
group by
    customers.account_key,
    customers.channel_code,
    customers.reporting_currency_code,
    accounts.account_name,
    accounts.owner_name;

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
comment on column crm.account_overview.order_count is 'Orders that count.';
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
'Whether a registered customer of it is subscribed to a newsletter. NULL: none was ever on a list.';
comment on column crm.account_overview.lifetime_amount is
'Subtotal less discount of the orders that count, without tax and shipping.';
comment on column crm.account_overview.refund_amount is
'What credit memos took back of it: lines less discount and their adjustment.';
comment on column crm.account_overview.lifetime_net_amount is 'lifetime_amount less refund_amount.';
comment on column crm.account_overview.reporting_currency_code is
'Currency of the amounts: the channel''s reporting currency.';
