-- grain: one row per account, channel and base currency used, and one in the channel's reporting currency
-- time zone: instants are UTC
-- currency: currency_code; where is_reporting_currency, each order and cart at its own rate
create or replace view crm.account_totals as
select
    customers.account_key,
    totals.channel_code,
    totals.currency_code,
    totals.is_reporting_currency,
    sum(totals.order_count)::bigint as order_count,
    sum(totals.unconverted_order_count)::bigint as unconverted_order_count,
    min(totals.first_order_at) as first_order_at,
    max(totals.last_order_at) as last_order_at,
    sum(totals.lifetime_amount) as lifetime_amount,
    sum(totals.refund_amount) as refund_amount,
    sum(totals.lifetime_net_amount) as lifetime_net_amount,
    sum(totals.ordered_grand_total_amount) as ordered_grand_total_amount,
    sum(totals.credit_memo_count)::bigint as credit_memo_count,
    sum(totals.refunded_grand_total_amount) as refunded_grand_total_amount,
    sum(totals.open_cart_count)::bigint as open_cart_count,
    sum(totals.unconverted_open_cart_count)::bigint as unconverted_open_cart_count,
    sum(totals.open_cart_amount) as open_cart_amount
from crm.customer_totals as totals
inner join crm.customers as customers
    on totals.customer_key = customers.customer_key
group by
    customers.account_key,
    totals.channel_code,
    totals.currency_code,
    totals.is_reporting_currency;

comment on view crm.account_totals is
'One row per account, channel and base currency of orders and open carts, and one in the reporting currency.';
comment on column crm.account_totals.account_key is
'The account, customers who are gone from their store included; key of crm.accounts.';
comment on column crm.account_totals.channel_code is
'The channel; another channel may have another reporting currency.';
comment on column crm.account_totals.currency_code is
'Currency of the amounts, ISO 4217; XXX where the store sent none.';
comment on column crm.account_totals.is_reporting_currency is
'true: everything, in the reporting currency; false: what was done in this base currency. Never add the two.';
comment on column crm.account_totals.order_count is 'Orders that count.';
comment on column crm.account_totals.unconverted_order_count is
'Of these, orders without a rate to this currency; they are in no amount.';
comment on column crm.account_totals.first_order_at is
'The first of these orders (UTC). NULL: none, or none has a date.';
comment on column crm.account_totals.last_order_at is
'The last of these orders (UTC). NULL: none, or none has a date.';
comment on column crm.account_totals.lifetime_amount is
'Subtotal less discount of the orders that count, without tax and shipping.';
comment on column crm.account_totals.refund_amount is
'What credit memos took back of it: lines less discount and their adjustment.';
comment on column crm.account_totals.lifetime_net_amount is 'lifetime_amount less refund_amount.';
comment on column crm.account_totals.ordered_grand_total_amount is
'What these orders came to, tax and shipping included.';
comment on column crm.account_totals.credit_memo_count is 'Credit memos of these orders.';
comment on column crm.account_totals.refunded_grand_total_amount is
'What was paid back by them in all, tax and shipping included.';
comment on column crm.account_totals.open_cart_count is 'Carts still open.';
comment on column crm.account_totals.unconverted_open_cart_count is
'Of these, carts without a rate to this currency; they are in no amount.';
comment on column crm.account_totals.open_cart_amount is
'What the open carts come to, with tax and shipping as far as known.';
