-- grain: one row per credit memo of an order that counts
-- time zone: refund_date and order_date are days in the channel's zone; instants are UTC
-- currency: base currency of the order
select
    refunds.credit_memo_key,
    refunds.channel_code,
    refunds.order_key,
    refunds.store_key,
    refunds.source_created_at as refunded_at,
    refunds.refund_date,
    refunds.order_date,
    refunds.base_currency_code,
    refunds.base_refunded_revenue_amount as refunded_amount,
    refunds.base_adjustment_amount as adjustment_amount,
    refunds.base_shipping_amount as shipping_amount,
    refunds.base_tax_amount as tax_amount,
    refunds.base_grand_total_amount as grand_total_amount,
    refunds.reporting_currency_code,
    refunds.base_to_reporting_rate
from crm.refunds_that_count as refunds
inner join refresh_scope as scope
    on refunds.order_key = scope.touched_key
