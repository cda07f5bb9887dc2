-- grain: one row per channel, store, day and base currency with an order that counts, or a refund of one
-- time zone: sales_date is the day in the channel's zone
-- currency: base currency of the orders, one per row
with sold as (
    select
        orders.channel_code,
        orders.store_key,
        orders.order_date as sales_date,
        orders.base_currency_code,
        count(*) as order_count,
        count(*) filter (where orders.discount_amount <> 0) as discounted_order_count,
        sum(orders.item_qty) as item_qty,
        sum(orders.gross_sales_amount) as gross_sales_amount,
        sum(orders.discount_amount) as discount_amount,
        sum(orders.shipping_amount) as shipping_amount,
        sum(orders.tax_amount) as tax_amount,
        sum(orders.revenue_amount) as revenue_amount,
        sum(orders.grand_total_amount) as grand_total_amount,
        sum(orders.refunded_amount) as refunded_of_orders_amount,
        count(distinct orders.buyer_key) filter (where orders.is_identified) as customer_count,
        count(distinct orders.buyer_key) filter (
            where orders.is_identified and orders.first_order_date = orders.order_date
        ) as new_customer_count,
        count(*) filter (
            where orders.is_identified and orders.first_order_date = orders.order_date
        ) as new_customer_order_count,
        sum(orders.revenue_amount) filter (
            where orders.is_identified and orders.first_order_date = orders.order_date
        ) as new_customer_revenue_amount,
        count(*) filter (
            where orders.is_identified and orders.first_order_date < orders.order_date
        ) as returning_customer_order_count,
        sum(orders.revenue_amount) filter (
            where orders.is_identified and orders.first_order_date < orders.order_date
        ) as returning_customer_revenue_amount
    from report.sales_orders as orders
    inner join refresh_scope as scope
        on
            orders.channel_code = scope.channel_code
            and orders.order_date = scope.scope_date
    group by
        orders.channel_code,
        orders.store_key,
        orders.order_date,
        orders.base_currency_code
),

given_back as (
    select
        refunds.channel_code,
        refunds.store_key,
        refunds.refund_date as sales_date,
        refunds.base_currency_code,
        count(*) as refund_count,
        sum(refunds.refunded_amount) as refunds_amount,
        sum(refunds.grand_total_amount) as refunded_grand_total_amount
    from report.sales_refunds as refunds
    inner join refresh_scope as scope
        on
            refunds.channel_code = scope.channel_code
            and refunds.refund_date = scope.scope_date
    group by
        refunds.channel_code,
        refunds.store_key,
        refunds.refund_date,
        refunds.base_currency_code
),

-- One set of rows after the other instead of a join: store and currency may be NULL in both.
days_of_both as (
    select
        sold.channel_code,
        sold.store_key,
        sold.sales_date,
        sold.base_currency_code,
        sold.order_count,
        sold.discounted_order_count,
        sold.item_qty,
        sold.gross_sales_amount,
        sold.discount_amount,
        sold.shipping_amount,
        sold.tax_amount,
        sold.revenue_amount,
        sold.grand_total_amount,
        0 as refund_count,
        0 as refunds_amount,
        0 as refunded_grand_total_amount,
        sold.refunded_of_orders_amount,
        sold.customer_count,
        sold.new_customer_count,
        sold.new_customer_order_count,
        sold.new_customer_revenue_amount,
        sold.returning_customer_order_count,
        sold.returning_customer_revenue_amount
    from sold
    union all
    select
        given_back.channel_code,
        given_back.store_key,
        given_back.sales_date,
        given_back.base_currency_code,
        0 as order_count,
        0 as discounted_order_count,
        0 as item_qty,
        0 as gross_sales_amount,
        0 as discount_amount,
        0 as shipping_amount,
        0 as tax_amount,
        0 as revenue_amount,
        0 as grand_total_amount,
        given_back.refund_count,
        given_back.refunds_amount,
        given_back.refunded_grand_total_amount,
        0 as refunded_of_orders_amount,
        0 as customer_count,
        0 as new_customer_count,
        0 as new_customer_order_count,
        0 as new_customer_revenue_amount,
        0 as returning_customer_order_count,
        0 as returning_customer_revenue_amount
    from given_back
),

final as (
    select
        days.channel_code,
        days.store_key,
        days.sales_date,
        days.base_currency_code,
        sum(days.order_count) as order_count,
        sum(days.discounted_order_count) as discounted_order_count,
        sum(days.item_qty) as item_qty,
        sum(days.gross_sales_amount) as gross_sales_amount,
        sum(days.discount_amount) as discount_amount,
        sum(days.shipping_amount) as shipping_amount,
        sum(days.tax_amount) as tax_amount,
        sum(days.revenue_amount) as revenue_amount,
        sum(days.grand_total_amount) as grand_total_amount,
        sum(days.refund_count) as refund_count,
        sum(days.refunds_amount) as refunds_amount,
        sum(days.refunded_grand_total_amount) as refunded_grand_total_amount,
        sum(days.refunded_of_orders_amount) as refunded_of_orders_amount,
        sum(days.customer_count) as customer_count,
        sum(days.new_customer_count) as new_customer_count,
        sum(days.new_customer_order_count) as new_customer_order_count,
        coalesce(sum(days.new_customer_revenue_amount), 0) as new_customer_revenue_amount,
        sum(days.returning_customer_order_count) as returning_customer_order_count,
        coalesce(sum(days.returning_customer_revenue_amount), 0) as returning_customer_revenue_amount
    from days_of_both as days
    group by
        days.channel_code,
        days.store_key,
        days.sales_date,
        days.base_currency_code
)

select
    channel_code,
    store_key,
    sales_date,
    base_currency_code,
    order_count,
    discounted_order_count,
    item_qty,
    gross_sales_amount,
    discount_amount,
    shipping_amount,
    tax_amount,
    revenue_amount,
    grand_total_amount,
    refund_count,
    refunds_amount,
    refunded_grand_total_amount,
    refunded_of_orders_amount,
    gross_sales_amount - discount_amount - refunds_amount as net_revenue_amount,
    gross_sales_amount - discount_amount - refunded_of_orders_amount as net_sales_amount,
    customer_count,
    new_customer_count,
    customer_count - new_customer_count as returning_customer_count,
    new_customer_order_count,
    new_customer_revenue_amount,
    returning_customer_order_count,
    returning_customer_revenue_amount,
    round(revenue_amount / nullif(order_count, 0), 4) as average_order_value_amount
from final
