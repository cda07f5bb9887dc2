-- grain: one row per order line that counts, of an order that counts
-- time zone: order_date is the day in the channel's zone; instants are UTC
-- currency: base currency of the order
with orders as (
    select sales.*
    from report.sales_orders as sales
    inner join refresh_scope as scope
        on sales.order_key = scope.order_key
),

discounts as (
    select
        coalesce(items.parent_item_key, items.order_item_key) as order_item_key,
        sum(abs(coalesce(items.base_discount_amount, 0))) as discount_amount
    from crm.order_items as items
    inner join orders
        on items.order_key = orders.order_key
    where items.deleted_at is null
    group by coalesce(items.parent_item_key, items.order_item_key)
),

given_back as (
    select
        refunds.order_item_key,
        sum(refunds.refunded_qty) as refunded_qty,
        sum(refunds.base_refunded_amount) as refunded_amount
    from crm.refunded_lines_that_count as refunds
    inner join orders
        on refunds.order_key = orders.order_key
    group by refunds.order_item_key
),

sold as (
    select
        order_lines.order_item_key,
        orders.order_key,
        orders.channel_code,
        orders.store_key,
        orders.buyer_key,
        orders.is_identified,
        order_lines.product_key,
        crm.article_key(
            order_lines.product_key, order_lines.channel_code, items.sku, order_lines.order_item_key
        ) as article_key,
        items.sku,
        items.product_name,
        orders.ordered_at,
        orders.order_date,
        orders.order_month_date,
        orders.order_number_of_buyer,
        orders.base_currency_code,
        order_lines.ordered_qty as item_qty,
        order_lines.base_row_total_amount as gross_sales_amount
    from crm.order_lines_that_count as order_lines
    inner join orders
        on order_lines.order_key = orders.order_key
    inner join crm.order_items as items
        on order_lines.order_item_key = items.order_item_key
)

select
    sold.order_item_key,
    sold.order_key,
    sold.channel_code,
    sold.store_key,
    sold.buyer_key,
    sold.is_identified,
    sold.product_key,
    sold.article_key,
    sold.sku,
    sold.product_name,
    sold.ordered_at,
    sold.order_date,
    sold.order_month_date,
    dense_rank() over (
        partition by sold.channel_code, sold.buyer_key, sold.article_key
        order by sold.order_number_of_buyer
    ) as purchase_number_of_buyer,
    sold.base_currency_code,
    sold.item_qty,
    sold.gross_sales_amount,
    coalesce(discounts.discount_amount, 0) as discount_amount,
    coalesce(given_back.refunded_qty, 0) as refunded_qty,
    coalesce(given_back.refunded_amount, 0) as refunded_amount
from sold
left join discounts
    on sold.order_item_key = discounts.order_item_key
left join given_back
    on sold.order_item_key = given_back.order_item_key
