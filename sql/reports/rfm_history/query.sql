-- grain: one row per channel, buyer and month
-- time zone: months are of days in the channel's zone
-- currency: reporting currency of the channel
select
    customers.channel_code,
    customers.buyer_key,
    scope.month_date,
    customers.recency_score,
    customers.frequency_score,
    customers.monetary_score,
    customers.rfm_label,
    customers.order_count,
    customers.lifetime_amount,
    customers.lifetime_net_amount,
    customers.currency_code as reporting_currency_code
from report.customer_value as customers
inner join refresh_scope as scope
    on
        customers.channel_code = scope.channel_code
        and customers.buyer_key = scope.buyer_key
where customers.is_reporting_currency
