-- grain: at most one row: what an address has said to a website
-- time zone: instants are UTC
-- currency: none
-- As marketing.consent, for one recipient. Whoever said no as the same account, at any of its addresses, and
-- consented no later than that, says no: people who leave do not list the addresses they ever used.
-- Arguments of a call have one collation among them; without their own no index of an address would be used.
create or replace function marketing.consent_of(
    of_channel_code text, of_website_key text, of_email_normalised text, of_account_key text
)
returns table (state text, source text, store_key text, changed_at timestamptz)
language sql stable as $$
select
    case when refusals.spoken_at is null then spoken.state else 'unsubscribed' end as state,
    spoken.source,
    case when refusals.spoken_at is null then spoken.store_key end as store_key,
    case when refusals.spoken_at is null then spoken.changed_at else refusals.changed_at end as changed_at
from (
    select entries.*
    from marketing.newsletter_entries as entries
    where
        entries.channel_code = of_channel_code
        and entries.email_normalised = of_email_normalised collate "default"
        and (
            entries.website_key = of_website_key collate "C"
            or of_website_key is null
            or entries.speaks_everywhere
        )
    order by
        case when of_website_key is null then entries.unplaced_spoken_at else entries.spoken_at end desc,
        entries.restrictiveness desc,
        entries.newsletter_subscriber_key desc
    limit 1
) as spoken
left join lateral (
    select
        others.spoken_at,
        others.changed_at
    from crm.customers as customers
    cross join lateral (
        select entries.*
        from marketing.newsletter_entries as entries
        where
            entries.channel_code = customers.channel_code
            and entries.email_normalised = customers.email_normalised
        offset 0
    ) as others
    where
        spoken.state = 'subscribed'
        and customers.account_key = of_account_key collate "C"
        and customers.channel_code = of_channel_code
        and others.state = 'unsubscribed'
        and others.spoken_at >= spoken.spoken_at
        and (
            others.website_key = customers.website_key
            or others.website_key is null
            or customers.website_key is null
        )
    order by others.spoken_at desc
    limit 1
) as refusals on true
$$;

comment on function marketing.consent_of(text, text, text, text) is
'What an address of an account, NULL for none, has said to a website, NULL where it is not known.';
