-- grain: one row per channel, coupon code, month and base currency
-- time zone: months of days in the channel's zone
-- currency: base currency of the orders, one per row
with coupons as (
    select
        orders.channel_code,
        orders.coupon_code,
        orders.order_month_date,
        orders.base_currency_code,
        count(*) as order_count,
        count(distinct orders.buyer_key) filter (where orders.is_identified) as customer_count,
        count(*) filter (where orders.is_identified and orders.order_number_of_buyer = 1)
            as new_customer_count,
        sum(orders.item_qty) as item_qty,
        sum(orders.gross_sales_amount) as gross_sales_amount,
        sum(orders.discount_amount) as discount_amount,
        sum(orders.revenue_amount) as revenue_amount,
        sum(orders.refunded_amount) as refunded_of_orders_amount
    from report.sales_orders as orders
    inner join refresh_scope as scope
        on
            orders.channel_code = scope.channel_code
            and orders.coupon_code = scope.coupon_code
            and orders.order_month_date = scope.order_month_date
    group by
        orders.channel_code,
        orders.coupon_code,
        orders.order_month_date,
        orders.base_currency_code
)

select
    channel_code,
    coupon_code,
    order_month_date,
    base_currency_code,
    order_count,
    customer_count,
    new_customer_count,
    item_qty,
    gross_sales_amount,
    discount_amount,
    revenue_amount,
    refunded_of_orders_amount,
    gross_sales_amount - discount_amount - refunded_of_orders_amount as net_sales_amount,
    round(100.0 * discount_amount / nullif(gross_sales_amount, 0), 4) as discount_pct,
    round(revenue_amount / order_count, 4) as average_order_value_amount,
    round(discount_amount / order_count, 4) as average_discount_amount
from coupons
