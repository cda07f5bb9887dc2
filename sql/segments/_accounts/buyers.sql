-- grain: one row per channel and account that bought
-- time zone: dates are days in the channel's zone; today_date is the day there
-- currency: reporting currency of the channel, at each order's own rate
-- What segments of accounts know of everybody who bought: their members.sql reads it as `buyers` and picks
-- rows; columns that the contract does not list are for choosing only.
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
    customers.discounted_order_count,
    customers.refunded_amount,
    customers.median_days_between_qty,
    (:now at time zone channels.timezone)::date as today_date
from report.customer_value as customers
inner join ops.channels as channels
    on customers.channel_code = channels.channel_code
where customers.is_reporting_currency
