-- grain: one row per channel and account with a birthday this month
-- time zone: the month is that of the channel's zone
-- currency: none
with people as (
    select distinct
        customers.channel_code,
        coalesce(customers.account_key, customers.customer_key) as account_key
    from crm.customers as customers
    inner join ops.channels as channels
        on customers.channel_code = channels.channel_code
    where
        extract(month from customers.birth_date) = extract(month from :now at time zone channels.timezone)
        and customers.deleted_at is null
)

select
    people.channel_code,
    people.account_key,
    coalesce(bought.order_count, 0) as order_count,
    bought.last_order_date
from people
left join report.customer_value as bought
    on
        people.channel_code = bought.channel_code
        and people.account_key = bought.buyer_key
        and bought.is_reporting_currency
