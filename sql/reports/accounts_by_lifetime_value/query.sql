-- grain: one row per buyer and reporting currency of the channels bought in
-- time zone: dates are days in the zone of the channel
-- currency: reporting currency of the channels, each order at its own rate
select
    customers.buyer_key,
    customers.currency_code as reporting_currency_code,
    count(*) as channel_count,
    min(customers.first_order_date) as first_order_date,
    max(customers.last_order_date) as last_order_date,
    sum(customers.order_count) as order_count,
    sum(customers.unconverted_order_count) as unconverted_order_count,
    sum(customers.lifetime_amount) as lifetime_amount,
    sum(customers.refunded_amount) as refunded_amount,
    sum(customers.lifetime_net_amount) as lifetime_net_amount
from report.customer_value as customers
inner join refresh_scope as scope
    on customers.buyer_key = scope.touched_key
where customers.is_reporting_currency
group by
    customers.buyer_key,
    customers.currency_code
