-- grain: one row per credit memo that gives money back for an order that counts
-- time zone: refund_date is the day in the channel's zone; instants are UTC
-- currency: base_ amounts in base_currency_code
create or replace view crm.refunds_that_count as
select
    memos.credit_memo_key,
    memos.order_key,
    memos.channel_code,
    orders.customer_key,
    coalesce(memos.store_key, orders.store_key) as store_key,
    orders.order_date,
    (memos.source_created_at at time zone channels.timezone)::date as refund_date,
    memos.source_created_at,
    orders.base_currency_code,
    coalesce(memos.base_subtotal_amount, 0)
    - abs(coalesce(memos.base_discount_amount, 0))
    + coalesce(memos.base_adjustment_amount, 0) as base_refunded_revenue_amount,
    coalesce(memos.base_adjustment_amount, 0) as base_adjustment_amount,
    coalesce(memos.base_shipping_amount, 0) as base_shipping_amount,
    coalesce(memos.base_tax_amount, 0) as base_tax_amount,
    coalesce(memos.base_grand_total_amount, 0) as base_grand_total_amount,
    orders.reporting_currency_code,
    orders.base_to_reporting_rate
from crm.credit_memos as memos
inner join crm.orders_that_count as orders
    on memos.order_key = orders.order_key
inner join ops.channels as channels
    on memos.channel_code = channels.channel_code
where
    memos.deleted_at is null
    and memos.state is distinct from 'canceled';

comment on view crm.refunds_that_count is
'One row per credit memo of an order that counts; the memo itself neither cancelled nor gone from the store.';
comment on column crm.refunds_that_count.credit_memo_key is 'The memo; key of crm.credit_memos.';
comment on column crm.refunds_that_count.order_key is 'The order refunded; key of crm.orders.';
comment on column crm.refunds_that_count.channel_code is 'The channel it came through.';
comment on column crm.refunds_that_count.customer_key is
'The buyer, registered or guest; key of crm.customers. NULL where the order has neither id nor e-mail.';
comment on column crm.refunds_that_count.store_key is
'Store view of the memo, else of the order; key of crm.stores. NULL once the view was deleted.';
comment on column crm.refunds_that_count.order_date is
'Day of the order in the channel''s time zone. NULL where the store has no date.';
comment on column crm.refunds_that_count.refund_date is
'Day of the memo in the channel''s time zone. NULL where the store has no date.';
comment on column crm.refunds_that_count.source_created_at is
'When it was made (UTC). NULL where the store has no date.';
comment on column crm.refunds_that_count.base_currency_code is
'Currency of the base_ amounts: the order''s. NULL where the store sent none.';
comment on column crm.refunds_that_count.base_refunded_revenue_amount is
'What the refund takes from the order''s revenue: lines less discount and adjustment, no tax or shipping.';
comment on column crm.refunds_that_count.base_adjustment_amount is
'Given beyond the lines (positive) less fees kept (negative); part of base_refunded_revenue_amount.';
comment on column crm.refunds_that_count.base_shipping_amount is 'Shipping given back, in base currency.';
comment on column crm.refunds_that_count.base_tax_amount is 'Tax given back, in base currency.';
comment on column crm.refunds_that_count.base_grand_total_amount is
'What the buyer got back in all, tax and shipping included.';
comment on column crm.refunds_that_count.reporting_currency_code is
'The channel''s currency for sums across stores.';
comment on column crm.refunds_that_count.base_to_reporting_rate is
'Reporting currency per base unit at the time of the order. NULL: the order has no rate to it.';
