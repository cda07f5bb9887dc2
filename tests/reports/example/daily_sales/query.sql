-- grain: one row per channel, store, day and base currency with an order that counts
-- time zone: sales_date is the day in the channel's zone
-- currency: base currency of the orders, one per row
with orders as (
    select orders_that_count.*
    from crm.orders_that_count
    inner join refresh_orders
        on orders_that_count.order_key = refresh_orders.order_key
),

order_lines as (
    select
        order_key,
        ordered_qty,
        base_row_total_amount
    from crm.order_lines_that_count
),

lines_of_orders as (
    select
        order_lines.order_key,
        sum(order_lines.ordered_qty) as item_qty,
        sum(order_lines.base_row_total_amount) as gross_sales_amount
    from order_lines
    inner join orders
        on order_lines.order_key = orders.order_key
    group by order_lines.order_key
),

final as (
    select
        orders.channel_code,
        orders.store_key,
        orders.base_currency_code,
        orders.order_date as sales_date,
        count(*) as order_count,
        coalesce(sum(lines_of_orders.item_qty), 0) as item_qty,
        coalesce(sum(lines_of_orders.gross_sales_amount), 0) as gross_sales_amount,
        sum(orders.base_discount_amount) as discount_amount,
        sum(orders.base_shipping_amount) as shipping_amount,
        sum(orders.base_tax_amount) as tax_amount,
        sum(orders.base_revenue_amount) as revenue_amount,
        sum(orders.base_grand_total_amount) as grand_total_amount,
        round(sum(orders.base_revenue_amount) / count(*), 4) as average_order_value_amount
    from orders
    left join lines_of_orders
        on orders.order_key = lines_of_orders.order_key
    group by
        orders.channel_code,
        orders.store_key,
        orders.base_currency_code,
        orders.order_date
)

select
    channel_code,
    store_key,
    sales_date,
    base_currency_code,
    order_count,
    item_qty,
    gross_sales_amount,
    discount_amount,
    shipping_amount,
    tax_amount,
    revenue_amount,
    grand_total_amount,
    average_order_value_amount
from final
