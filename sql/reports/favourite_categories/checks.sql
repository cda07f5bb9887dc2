-- Each statement returns the rows that are wrong, within the buyers that the refresh computed anew.

-- fail: Buyers whose favourite they never bought from, or bought fewer pieces from than it says.
select
    favourites.channel_code,
    favourites.buyer_key,
    favourites.category_key,
    favourites.item_qty
from report.favourite_categories as favourites
inner join refresh_scope as scope
    on
        favourites.channel_code = scope.channel_code
        and favourites.buyer_key = scope.buyer_key
left join lateral (
    select sum(sales_lines.item_qty) as item_qty
    from report.sales_orders as orders
    inner join report.sales_lines as sales_lines
        on orders.order_key = sales_lines.order_key
    inner join report.product_leaf_categories as categories
        on sales_lines.product_key = categories.product_key
    where
        orders.channel_code = favourites.channel_code
        and orders.buyer_key = favourites.buyer_key
        and categories.category_key = favourites.category_key
) as bought on true
where favourites.item_qty is distinct from bought.item_qty;
