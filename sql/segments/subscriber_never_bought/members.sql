-- grain: one row per channel and newsletter entry that is subscribed and never bought
-- time zone: none
-- currency: none
with subscribed as (
    select consent.*
    from marketing.consent as consent
    where consent.state = 'subscribed'
),

-- Whoever has the address now, and whom the entry names.
people as (
    select
        subscribed.newsletter_subscriber_key,
        customers.channel_code,
        coalesce(customers.account_key, customers.customer_key) as account_key,
        customers.is_guest is false and customers.deleted_at is null as is_registered
    from subscribed
    inner join crm.customers as customers
        on
            subscribed.channel_code = customers.channel_code
            and subscribed.email_normalised = customers.email_normalised
    union all
    select
        subscribed.newsletter_subscriber_key,
        customers.channel_code,
        coalesce(customers.account_key, customers.customer_key) as account_key,
        customers.is_guest is false and customers.deleted_at is null as is_registered
    from subscribed
    inner join crm.customers as customers
        on subscribed.customer_key = customers.customer_key
),

known as (
    select
        people.newsletter_subscriber_key,
        bool_or(people.is_registered) as is_registered,
        bool_or(bought.buyer_key is not null) as has_bought
    from people
    left join report.customer_value as bought
        on
            people.channel_code = bought.channel_code
            and people.account_key = bought.buyer_key
            and bought.is_reporting_currency
    group by people.newsletter_subscriber_key
)

select
    subscribed.channel_code,
    subscribed.newsletter_subscriber_key as subscriber_key,
    coalesce(known.is_registered, false) as is_registered
from subscribed
left join known
    on subscribed.newsletter_subscriber_key = known.newsletter_subscriber_key
where known.has_bought is not true
