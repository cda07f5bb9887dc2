-- grain: one row per channel and account overdue by its own rhythm
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
    customers.rfm_label,
    customers.median_days_between_qty as usual_days_qty,
    customers.last_order_date + round(customers.median_days_between_qty)::integer as expected_order_date
from report.customer_value as customers
inner join ops.channels as channels
    on customers.channel_code = channels.channel_code
where
    customers.is_reporting_currency
    and customers.order_count >= :minimum_order_count
    and customers.median_days_between_qty >= 1
    and (:now at time zone channels.timezone)::date - customers.last_order_date
    > :factor * customers.median_days_between_qty
