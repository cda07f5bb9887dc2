-- grain: one row per channel, store, day, payment method, shipping method and base currency
-- time zone: sales_date is the day in the channel's zone
-- currency: base currency of the orders, one per row
select
    orders.channel_code,
    orders.store_key,
    orders.order_date as sales_date,
    orders.payment_method,
    orders.shipping_method,
    orders.base_currency_code,
    count(*) as order_count,
    count(*) filter (where orders.refunded_amount <> 0) as refunded_order_count,
    sum(orders.revenue_amount) as revenue_amount,
    sum(orders.refunded_amount) as refunded_of_orders_amount,
    sum(orders.shipping_amount) as shipping_amount,
    sum(orders.grand_total_amount) as grand_total_amount
from report.sales_orders as orders
inner join refresh_scope as scope
    on
        orders.channel_code = scope.channel_code
        and orders.order_date = scope.scope_date
group by
    orders.channel_code,
    orders.store_key,
    orders.order_date,
    orders.payment_method,
    orders.shipping_method,
    orders.base_currency_code
