-- Who bought something, and whose record, account or newsletter entry changed, by the addresses it ever had.
with entries as (
    select subscribers.*
    from touched
    inner join crm.newsletter_subscribers as subscribers
        on touched.touched_key = subscribers.newsletter_subscriber_key
    where touched.subject = 'newsletter_subscriber'
),

addresses as (
    select
        entries.channel_code,
        entries.email_normalised
    from entries
    union
    select
        entries.channel_code,
        lower(btrim(versions.email)) as email_normalised
    from entries
    inner join crm.newsletter_subscribers_history as versions
        on entries.newsletter_subscriber_key = versions.newsletter_subscriber_key
),

people as (
    select touched.touched_key as customer_key
    from touched
    where touched.subject = 'customer'
    union
    select entries.customer_key
    from entries
    where entries.customer_key is not null
    union
    select customers.customer_key
    from addresses
    inner join crm.customers as customers
        on
            addresses.email_normalised = customers.email_normalised
            and addresses.channel_code = customers.channel_code
)

select touched.touched_key as account_key
from touched
where touched.subject in ('customer_value.buyer', 'account')
union
select coalesce(customers.account_key, customers.customer_key) as account_key
from people
inner join crm.customers as customers
    on people.customer_key = customers.customer_key
