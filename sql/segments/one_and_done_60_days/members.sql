-- grain: one row per channel and account with one order that is long ago
-- time zone: days are counted in the channel's zone
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
inner join ops.channels as channels
    on customers.channel_code = channels.channel_code
where
    customers.is_reporting_currency
    and customers.order_count = 1
    and customers.last_order_date <= (:now at time zone channels.timezone)::date - :silent_days
