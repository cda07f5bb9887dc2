-- Buyers with a changed order, and those who bought a product that is in other categories now.
select
    touched.channel_code,
    touched.touched_key as buyer_key
from touched
where touched.subject = 'sales_orders.buyer'
union
select
    orders.channel_code,
    orders.buyer_key
from touched
inner join report.sales_orders as orders
    on touched.touched_key = orders.order_key
where touched.subject = 'order'
union
select
    sales_lines.channel_code,
    sales_lines.buyer_key
from touched
inner join report.sales_lines as sales_lines
    on
        touched.channel_code = sales_lines.channel_code
        and touched.touched_key = sales_lines.article_key
where touched.subject = 'product_leaf_categories.product'
