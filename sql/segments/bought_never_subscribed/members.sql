-- grain: one row per channel and account that bought and was never on a newsletter list
-- time zone: dates are days in the channel's zone
-- currency: reporting currency of the channel, at each order's own rate
with people as (
    select
        scope.account_key,
        customers.channel_code,
        customers.customer_key,
        customers.email_normalised
    from refresh_scope as scope
    inner join crm.customers as customers
        on scope.account_key = customers.account_key
    union all
    select
        scope.account_key,
        customers.channel_code,
        customers.customer_key,
        customers.email_normalised
    from refresh_scope as scope
    inner join crm.customers as customers
        on scope.account_key = customers.customer_key
    where customers.account_key is null
),

listed as (
    select
        people.channel_code,
        people.account_key
    from people
    inner join crm.newsletter_subscribers as entries
        on
            people.channel_code = entries.channel_code
            and people.email_normalised = entries.email_normalised
    union
    select
        people.channel_code,
        people.account_key
    from people
    inner join crm.newsletter_subscribers as entries
        on people.customer_key = entries.customer_key
)

select buyers.*
from buyers
inner join refresh_scope as scope
    on buyers.account_key = scope.account_key
left join listed
    on
        buyers.channel_code = listed.channel_code
        and buyers.account_key = listed.account_key
where listed.account_key is null
