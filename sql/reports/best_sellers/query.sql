-- grain: one row per channel, month, article and base currency
-- time zone: order_month_date is the month in the channel's zone
-- currency: base currency of the orders, one per row
with sold as (
    select
        sales_lines.channel_code,
        sales_lines.order_month_date,
        sales_lines.article_key,
        sales_lines.base_currency_code,
        max(sales_lines.product_key) as product_key,
        (array_agg(sales_lines.sku order by sales_lines.ordered_at desc, sales_lines.order_item_key desc))[1]
            as sku,
        (
            array_agg(
                sales_lines.product_name order by sales_lines.ordered_at desc, sales_lines.order_item_key desc
            )
        )[1] as product_name,
        count(distinct sales_lines.order_key) as order_count,
        sum(sales_lines.item_qty) as item_qty,
        sum(sales_lines.gross_sales_amount) as gross_sales_amount,
        sum(sales_lines.discount_amount) as discount_amount,
        sum(sales_lines.refunded_qty) as refunded_qty,
        sum(sales_lines.refunded_amount) as refunded_amount,
        count(distinct sales_lines.buyer_key) filter (where sales_lines.is_identified) as buyer_count,
        count(distinct sales_lines.buyer_key) filter (
            where sales_lines.is_identified and sales_lines.purchase_number_of_buyer = 1
        ) as first_buyer_count
    from report.sales_lines as sales_lines
    inner join refresh_scope as scope
        on
            sales_lines.channel_code = scope.channel_code
            and sales_lines.article_key = scope.article_key
            and sales_lines.order_month_date = scope.order_month_date
    group by
        sales_lines.channel_code,
        sales_lines.order_month_date,
        sales_lines.article_key,
        sales_lines.base_currency_code
)

select
    sold.channel_code,
    sold.order_month_date,
    sold.article_key,
    sold.base_currency_code,
    sold.product_key,
    sold.sku,
    sold.product_name,
    sold.order_count,
    sold.item_qty,
    sold.gross_sales_amount,
    sold.discount_amount,
    sold.refunded_qty,
    sold.refunded_amount,
    sold.gross_sales_amount - sold.discount_amount - sold.refunded_amount as net_sales_amount,
    sold.buyer_count,
    sold.first_buyer_count,
    sold.buyer_count - sold.first_buyer_count as repeat_buyer_count
from sold
