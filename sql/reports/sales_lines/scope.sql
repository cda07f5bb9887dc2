-- Every order of the buyers whose orders changed, and the orders that left them.
with buyers as (
    select touched.touched_key as buyer_key
    from touched
    where touched.subject = 'sales_orders.buyer'
    union
    select sales.buyer_key
    from touched
    inner join report.sales_orders as sales
        on touched.touched_key = sales.order_key
    where touched.subject = 'order'
)

select sales.order_key
from report.sales_orders as sales
inner join buyers
    on sales.buyer_key = buyers.buyer_key
union
select touched.touched_key as order_key
from touched
where touched.subject in ('order', 'sales_orders.order')
