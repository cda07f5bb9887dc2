-- grain: one row per channel and account that has the label
-- time zone: dates are days in the channel's zone
-- currency: reporting currency of the channel, at each order's own rate
select
    customers.channel_code,
    customers.buyer_key as account_key,
    customers.order_count,
    customers.first_order_date,
    customers.last_order_date,
    customers.lifetime_amount,
    customers.lifetime_net_amount,
    customers.currency_code as reporting_currency_code,
    customers.rfm_label
from report.customer_value as customers
inner join refresh_scope as scope
    on customers.buyer_key = scope.touched_key
where
    customers.is_reporting_currency
    and customers.rfm_label = :rfm_label
