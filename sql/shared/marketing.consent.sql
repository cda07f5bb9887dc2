-- grain: one row per channel, website and address that is on the website's newsletter list, in any state
-- time zone: instants are UTC
-- currency: none
-- Consent is given to a website by an address. Which of several entries speaks: marketing.newsletter_entries.
create or replace view marketing.consent with (security_invoker = true) as
select
    entries.channel_code,
    entries.website_key,
    entries.email_normalised,
    entries.state,
    entries.source,
    entries.store_key,
    entries.customer_key,
    entries.changed_at,
    entries.newsletter_subscriber_key,
    entries.spoken_at
from marketing.newsletter_entries as entries
where
    not exists (
        select 1 from marketing.newsletter_entries as others
        where
            others.channel_code = entries.channel_code
            and others.email_normalised = entries.email_normalised
            and (
                others.website_key = entries.website_key
                or entries.website_key is null
                or others.speaks_everywhere
            )
            and (
                case
                    when entries.website_key is null then others.unplaced_spoken_at
                    else others.spoken_at
                end,
                others.restrictiveness,
                others.newsletter_subscriber_key
            )
            > (entries.spoken_at, entries.restrictiveness, entries.newsletter_subscriber_key)
    );

comment on view marketing.consent is
'One row per website and address on its newsletter list. No row: no consent. Readers of crm can read it.';
comment on column marketing.consent.channel_code is
'The channel: consent given to one shop says nothing of another.';
comment on column marketing.consent.website_key is
'The website whose list it is; key of crm.websites. NULL: it is not known, and only a no counts.';
comment on column marketing.consent.email_normalised is 'The address, trimmed and in lower case.';
comment on column marketing.consent.state is
'subscribed, unsubscribed, not_active, unconfirmed, or unknown. Only subscribed is consent.';
comment on column marketing.consent.source is
'What it is known from: newsletter, the list that the store keeps.';
comment on column marketing.consent.store_key is
'Store view whose list it is; key of crm.stores. NULL: not known, or the view was deleted.';
comment on column marketing.consent.customer_key is
'The customer that the entry names; key of crm.customers. NULL: it names only the address.';
comment on column marketing.consent.changed_at is
'When it last changed there (UTC). NULL: the store has no date.';
comment on column marketing.consent.newsletter_subscriber_key is
'The entry that speaks for the address; key of crm.newsletter_subscribers.';
comment on column marketing.consent.spoken_at is
'When it counts from: changed_at; without one the beginning of time where it consents, its end where not.';
