-- grain: one row per order line that counts: bundles and configurable products by their parent line only
-- time zone: none
-- currency: base_row_total_amount in base_currency_code
create or replace view crm.order_lines_that_count as
select
    items.order_item_key,
    items.order_key,
    items.channel_code,
    items.product_key,
    items.base_currency_code,
    coalesce(items.ordered_qty, 0) as ordered_qty,
    coalesce(items.base_row_total_amount, 0) as base_row_total_amount
from crm.order_items as items
where
    items.parent_item_key is null
    and items.deleted_at is null;

comment on view crm.order_lines_that_count is
'One row per order line without a parent line; of any order, so join crm.orders_that_count.';
comment on column crm.order_lines_that_count.order_item_key is 'The line; key of crm.order_items.';
comment on column crm.order_lines_that_count.order_key is 'The order; key of crm.orders.';
comment on column crm.order_lines_that_count.channel_code is 'The channel it came through.';
comment on column crm.order_lines_that_count.product_key is
'The product; key of crm.products. NULL once it was deleted from the store.';
comment on column crm.order_lines_that_count.base_currency_code is
'Currency of the amount. NULL where the store sent none.';
comment on column crm.order_lines_that_count.ordered_qty is 'Pieces ordered.';
comment on column crm.order_lines_that_count.base_row_total_amount is
'Price times pieces before tax and discount, in base currency.';
