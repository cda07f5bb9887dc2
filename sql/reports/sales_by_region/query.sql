-- grain: one row per channel, day, country, region and base currency
-- time zone: sales_date is the day in the channel's zone
-- currency: base currency of the orders, one per row
select
    orders.channel_code,
    orders.order_date as sales_date,
    places.country_code,
    max(places.country_name) as country_name,
    places.region_key,
    places.region_name,
    orders.base_currency_code,
    count(*) as order_count,
    sum(orders.item_qty) as item_qty,
    sum(orders.revenue_amount) as revenue_amount,
    sum(orders.refunded_amount) as refunded_of_orders_amount,
    sum(orders.shipping_amount) as shipping_amount,
    sum(orders.tax_amount) as tax_amount,
    sum(orders.grand_total_amount) as grand_total_amount
from report.sales_orders as orders
inner join refresh_scope as scope
    on
        orders.channel_code = scope.channel_code
        and orders.order_date = scope.scope_date
left join report.order_regions as places
    on orders.order_key = places.order_key
group by
    orders.channel_code,
    orders.order_date,
    places.country_code,
    places.region_key,
    places.region_name,
    orders.base_currency_code
