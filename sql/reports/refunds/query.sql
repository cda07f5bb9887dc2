-- grain: one row per channel, refund day, store, base currency, reason and product
-- time zone: refund_date is the day in the channel's zone
-- currency: base currency of the orders, one per row
with refunds as (
    select
        refunds.*,
        coalesce(memos.base_adjustment_positive_amount, greatest(refunds.adjustment_amount, 0))
            as adjustment_positive_amount
    from report.sales_refunds as refunds
    inner join refresh_scope as scope
        on
            refunds.channel_code = scope.channel_code
            and refunds.refund_date = scope.refund_date
    inner join crm.credit_memos as memos
        on refunds.credit_memo_key = memos.credit_memo_key
),

products as (
    select
        refunds.credit_memo_key,
        lines.product_key,
        sum(lines.refunded_qty) as refunded_qty,
        sum(lines.base_refunded_amount) as refunded_amount
    from refunds
    inner join crm.refunded_lines_that_count as lines
        on refunds.credit_memo_key = lines.credit_memo_key
    group by
        refunds.credit_memo_key,
        lines.product_key
),

by_line as (
    select
        products.credit_memo_key,
        sum(products.refunded_amount) as refunded_amount
    from products
    group by products.credit_memo_key
),

reasons as (
    select
        products.credit_memo_key,
        'product' as reason,
        products.product_key,
        products.refunded_qty,
        products.refunded_amount
    from products
    union all
    select
        refunds.credit_memo_key,
        others.reason,
        null as product_key,
        0 as refunded_qty,
        others.refunded_amount
    from refunds
    left join by_line
        on refunds.credit_memo_key = by_line.credit_memo_key
    cross join
        lateral (
            values
            ('adjustment_positive', refunds.adjustment_positive_amount),
            ('adjustment_negative', refunds.adjustment_amount - refunds.adjustment_positive_amount),
            (
                'not_by_line',
                refunds.refunded_amount - refunds.adjustment_amount - coalesce(by_line.refunded_amount, 0)
            ),
            ('shipping', refunds.shipping_amount),
            ('tax', refunds.tax_amount),
            (
                'other',
                refunds.grand_total_amount
                - refunds.refunded_amount
                - refunds.shipping_amount
                - refunds.tax_amount
            )
        ) as others (reason, refunded_amount)
)

select
    refunds.channel_code,
    refunds.refund_date,
    refunds.store_key,
    refunds.base_currency_code,
    reasons.reason,
    reasons.product_key,
    reasons.reason not in ('shipping', 'tax', 'other') as is_revenue,
    count(*) as refund_count,
    sum(reasons.refunded_qty) as refunded_qty,
    sum(reasons.refunded_amount) as refunded_amount
from reasons
inner join refunds
    on reasons.credit_memo_key = refunds.credit_memo_key
where
    reasons.refunded_amount <> 0
    or reasons.refunded_qty <> 0
group by
    refunds.channel_code,
    refunds.refund_date,
    refunds.store_key,
    refunds.base_currency_code,
    reasons.reason,
    reasons.product_key
