-- grain: one row per line of a credit memo that counts
-- time zone: refund_date is the day in the channel's zone
-- currency: base_refunded_amount in base_currency_code
create or replace view crm.refunded_lines_that_count as
select
    lines.credit_memo_item_key,
    refunds.credit_memo_key,
    refunds.order_key,
    refunds.channel_code,
    coalesce(items.parent_item_key, items.order_item_key) as order_item_key,
    refunds.refund_date,
    refunds.base_currency_code,
    case when items.parent_item_key is null then coalesce(lines.refunded_qty, 0) else 0 end as refunded_qty,
    coalesce(lines.base_row_total_amount, 0)
    - abs(coalesce(lines.base_discount_amount, 0)) as base_refunded_amount,
    case
        when parents.order_item_key is not null then parents.product_key
        when items.order_item_key is not null then items.product_key
        else lines.product_key
    end as product_key
from crm.credit_memo_items as lines
inner join crm.refunds_that_count as refunds
    on lines.credit_memo_key = refunds.credit_memo_key
left join crm.order_items as items
    on lines.order_item_key = items.order_item_key
left join crm.order_items as parents
    on items.parent_item_key = parents.order_item_key
where lines.deleted_at is null;

comment on view crm.refunded_lines_that_count is
'One row per line of a credit memo that counts, with the order line that counts it was given back for.';
comment on column crm.refunded_lines_that_count.credit_memo_item_key is
'The memo''s line; key of crm.credit_memo_items.';
comment on column crm.refunded_lines_that_count.credit_memo_key is 'The memo; key of crm.credit_memos.';
comment on column crm.refunded_lines_that_count.order_key is 'The order refunded; key of crm.orders.';
comment on column crm.refunded_lines_that_count.channel_code is 'The channel it came through.';
comment on column crm.refunded_lines_that_count.order_item_key is
'The order line that counts: of parts of a bundle or configurable product, their parent. NULL: not known.';
comment on column crm.refunded_lines_that_count.refund_date is
'Day of the memo in the channel''s time zone. NULL where the store has no date.';
comment on column crm.refunded_lines_that_count.base_currency_code is
'Currency of the amount. NULL where the store sent none.';
comment on column crm.refunded_lines_that_count.refunded_qty is
'Pieces given back; 0 for the parts of a bundle or configurable product, whose parent line counts them.';
comment on column crm.refunded_lines_that_count.base_refunded_amount is
'Row total less discount, without tax; parts carry what their parent does not, so add up all rows.';
comment on column crm.refunded_lines_that_count.product_key is
'Product of that order line; where it is not known, of the memo''s. NULL once it was deleted.';
