-- grain: one row per channel and named buyer
-- time zone: none; instants are UTC
-- currency: none
with bought as (
    select
        orders.channel_code,
        orders.buyer_key,
        categories.category_key,
        categories.category_name,
        sum(sales_lines.item_qty) as item_qty,
        max(sales_lines.ordered_at) as last_ordered_at
    from refresh_scope as scope
    inner join report.sales_orders as orders
        on
            scope.channel_code = orders.channel_code
            and scope.buyer_key = orders.buyer_key
    inner join report.sales_lines as sales_lines
        on orders.order_key = sales_lines.order_key
    inner join report.product_leaf_categories as categories
        on sales_lines.product_key = categories.product_key
    where orders.is_identified
    group by
        orders.channel_code,
        orders.buyer_key,
        categories.category_key,
        categories.category_name
),

ranked as (
    select
        bought.*,
        count(*) over buyers_categories as category_count,
        row_number() over (
            buyers_categories
            order by bought.item_qty desc, bought.last_ordered_at desc nulls last, bought.category_key asc
        ) as place
    from bought
    window buyers_categories as (partition by bought.channel_code, bought.buyer_key)
)

select
    ranked.channel_code,
    ranked.buyer_key,
    ranked.category_key,
    ranked.category_name,
    ranked.item_qty,
    ranked.category_count
from ranked
where ranked.place = 1
