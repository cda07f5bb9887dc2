-- grain: one row per channel and account that is subscribed and ordered lately
-- time zone: days are counted in the channel's zone
-- currency: reporting currency of the channel, at each order's own rate
with subscribed as (
    select distinct
        people.channel_code,
        coalesce(people.account_key, people.customer_key) as account_key
    from crm.customers as people
    inner join marketing.consent as consent
        on
            people.channel_code = consent.channel_code
            and people.email_normalised = consent.email_normalised
            and people.website_key is not distinct from consent.website_key
    where
        consent.state = 'subscribed'
        and people.deleted_at is null
)

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
    and customers.last_order_date > (:now at time zone channels.timezone)::date - :within_days
    and exists (
        select 1
        from subscribed
        where
            subscribed.channel_code = customers.channel_code
            and subscribed.account_key = customers.buyer_key
    )
