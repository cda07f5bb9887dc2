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

select buyers.*
from buyers
where
    buyers.last_order_date > buyers.today_date - :within_days
    and exists (
        select 1
        from subscribed
        where
            subscribed.channel_code = buyers.channel_code
            and subscribed.account_key = buyers.account_key
    )
