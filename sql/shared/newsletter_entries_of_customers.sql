-- grain: one row per customer and newsletter entry that speaks for the customer
-- time zone: instants are UTC
-- currency: none
-- An erased entry keeps its state but has no address: it says nothing.
-- As in marketing.consent, an entry without a date could be older or newer than any other: one that consents
-- counts as the oldest, one that does not as the newest, so that a doubt is never taken for consent.
-- An entry says whose it is, or only an address: then it speaks for who has that address on the same website.
create or replace view crm.newsletter_entries_of_customers as
select
    subscribers.customer_key,
    1 as rank,
    subscribers.newsletter_subscriber_key,
    subscribers.status,
    subscribers.source_updated_at,
    coalesce(
        subscribers.source_updated_at,
        case when subscribers.status = 'subscribed' then '-infinity' else 'infinity' end::timestamptz
    ) as spoken_at
from crm.newsletter_subscribers as subscribers
where
    subscribers.customer_key is not null
    and subscribers.email_normalised is not null
    and subscribers.deleted_at is null
union all
select
    customers.customer_key,
    2 as rank,
    subscribers.newsletter_subscriber_key,
    subscribers.status,
    subscribers.source_updated_at,
    coalesce(
        subscribers.source_updated_at,
        case when subscribers.status = 'subscribed' then '-infinity' else 'infinity' end::timestamptz
    ) as spoken_at
from crm.customers as customers
inner join crm.newsletter_subscribers as subscribers
    on
        customers.email_normalised = subscribers.email_normalised
        and customers.channel_code = subscribers.channel_code
left join crm.stores as stores
    on subscribers.store_key = stores.store_key
where
    subscribers.customer_key is null
    and subscribers.deleted_at is null
    and customers.website_key is not distinct from stores.website_key;

comment on view crm.newsletter_entries_of_customers is
'One row per customer and newsletter entry that speaks for the customer: lowest rank first, then the latest.';
comment on column crm.newsletter_entries_of_customers.customer_key is 'The customer; key of crm.customers.';
comment on column crm.newsletter_entries_of_customers.rank is
'1: the entry names the customer. 2: it has the customer''s address, on the same website.';
comment on column crm.newsletter_entries_of_customers.newsletter_subscriber_key is
'The entry; key of crm.newsletter_subscribers.';
comment on column crm.newsletter_entries_of_customers.status is
'subscribed, not_active, unsubscribed or unconfirmed. Only subscribed may be written to.';
comment on column crm.newsletter_entries_of_customers.source_updated_at is
'When the state last changed (UTC). NULL where the store has no date.';
comment on column crm.newsletter_entries_of_customers.spoken_at is
'When it counts from (UTC): the latest speaks. Without a date, subscribed is oldest and all else newest.';
