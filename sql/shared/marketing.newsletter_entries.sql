-- grain: one row per entry of a newsletter list that is not gone from the store and names an address
-- time zone: instants are UTC
-- currency: none
-- Of several entries of one address in a channel the one that changed last speaks: the first by spoken_at,
-- restrictiveness and key, all descending. An entry without a date could be older or newer than any other:
-- one that consents counts as the oldest, one that does not as the newest, so that a doubt is never taken for
-- consent.
create or replace view marketing.newsletter_entries with (security_invoker = true) as
select
    subscribers.newsletter_subscriber_key,
    subscribers.channel_code,
    subscribers.email_normalised,
    subscribers.store_key,
    subscribers.customer_key,
    subscribers.source_updated_at as changed_at,
    coalesce(subscribers.status, 'unknown') as state,
    'newsletter' as source,
    coalesce(
        subscribers.source_updated_at,
        case when subscribers.status = 'subscribed' then '-infinity' else 'infinity' end::timestamptz
    ) as spoken_at,
    case subscribers.status
        when 'subscribed' then 1
        when 'unconfirmed' then 2
        when 'not_active' then 3
        when 'unsubscribed' then 4
        else 5
    end as restrictiveness
from crm.newsletter_subscribers as subscribers
where
    subscribers.email_normalised is not null
    and subscribers.deleted_at is null;

comment on view marketing.newsletter_entries is
'One row per entry of a newsletter list, and which of an address speaks. Only readers of crm can read it.';
comment on column marketing.newsletter_entries.newsletter_subscriber_key is
'The entry; key of crm.newsletter_subscribers.';
comment on column marketing.newsletter_entries.channel_code is 'The channel whose list it is.';
comment on column marketing.newsletter_entries.email_normalised is
'The address, trimmed and in lower case.';
comment on column marketing.newsletter_entries.store_key is
'Store view whose list it is; key of crm.stores. NULL: not known, or the view was deleted.';
comment on column marketing.newsletter_entries.customer_key is
'The customer that it names; key of crm.customers. NULL: it names only the address.';
comment on column marketing.newsletter_entries.changed_at is
'When it last changed there (UTC). NULL: the store has no date.';
comment on column marketing.newsletter_entries.state is
'subscribed, unsubscribed, not_active, unconfirmed, or unknown. Only subscribed is consent.';
comment on column marketing.newsletter_entries.source is
'What it is known from: newsletter, the list that the store keeps.';
comment on column marketing.newsletter_entries.spoken_at is
'changed_at; without one the beginning of time where it consents, its end where it does not.';
comment on column marketing.newsletter_entries.restrictiveness is
'1 (subscribed) to 5: at the same time the greater speaks.';
