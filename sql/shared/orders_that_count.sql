-- grain: one row per order that counts in statistics
-- time zone: order_date is the day in the channel's zone; instants are UTC
-- currency: base_ amounts in base_currency_code, reporting_ amounts in reporting_currency_code
create or replace view crm.orders_that_count as
select
    orders.order_key,
    orders.channel_code,
    orders.store_key,
    orders.customer_key,
    customers.account_key,
    crm.buyer_key(customers.account_key, orders.customer_key, orders.order_key) as buyer_key,
    (orders.source_created_at at time zone channels.timezone)::date as order_date,
    orders.source_created_at,
    orders.base_currency_code,
    coalesce(orders.base_subtotal_amount, 0) as base_subtotal_amount,
    abs(coalesce(orders.base_discount_amount, 0)) as base_discount_amount,
    coalesce(orders.base_subtotal_amount, 0)
    - abs(coalesce(orders.base_discount_amount, 0)) as base_revenue_amount,
    coalesce(orders.base_shipping_amount, 0) as base_shipping_amount,
    coalesce(orders.base_tax_amount, 0) as base_tax_amount,
    coalesce(orders.base_grand_total_amount, 0) as base_grand_total_amount,
    channels.reporting_currency_code,
    case
        when orders.base_currency_code = channels.reporting_currency_code then 1
        when orders.global_currency_code = channels.reporting_currency_code then orders.base_to_global_rate
    end as base_to_reporting_rate
from crm.orders as orders
inner join ops.channels as channels
    on orders.channel_code = channels.channel_code
left join crm.customers as customers
    on orders.customer_key = customers.customer_key
where
    channels.is_active
    and orders.deleted_at is null
    and orders.state is distinct from 'canceled';

comment on view crm.orders_that_count is
'One row per order that counts: not cancelled, not gone from the store, of an active channel.';
comment on column crm.orders_that_count.order_key is 'The order; key of crm.orders.';
comment on column crm.orders_that_count.channel_code is 'The channel it came through.';
comment on column crm.orders_that_count.store_key is
'Store view; key of crm.stores. NULL once the view was deleted.';
comment on column crm.orders_that_count.customer_key is
'The buyer, registered or guest; key of crm.customers. NULL where the order has neither id nor e-mail.';
comment on column crm.orders_that_count.account_key is
'Account of the buyer; key of crm.accounts. NULL where the customer is not known (yet).';
comment on column crm.orders_that_count.buyer_key is
'Whom the order counts for: the account, else the customer, else the order itself, as channel:order:id.';
comment on column crm.orders_that_count.order_date is
'Day of the order in the channel''s time zone. NULL where the store has no date.';
comment on column crm.orders_that_count.source_created_at is
'When it was ordered (UTC). NULL where the store has no date.';
comment on column crm.orders_that_count.base_currency_code is
'Currency of the base_ amounts. NULL where the store sent none.';
comment on column crm.orders_that_count.base_subtotal_amount is
'Lines before tax and discount, in base currency.';
comment on column crm.orders_that_count.base_discount_amount is
'Discount of the whole order, zero or positive, in base currency.';
comment on column crm.orders_that_count.base_revenue_amount is 'Subtotal less discount, in base currency.';
comment on column crm.orders_that_count.base_shipping_amount is 'Shipping before tax, in base currency.';
comment on column crm.orders_that_count.base_tax_amount is 'Tax, in base currency.';
comment on column crm.orders_that_count.base_grand_total_amount is
'What the buyer owes in all, in base currency.';
comment on column crm.orders_that_count.reporting_currency_code is
'The channel''s currency for sums across stores.';
comment on column crm.orders_that_count.base_to_reporting_rate is
'Reporting currency per base unit at the time of the order. NULL: the order has no rate to it.';
