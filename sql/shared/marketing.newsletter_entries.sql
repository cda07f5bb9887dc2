-- grain: one row per entry of a newsletter list that is not gone from the store and names an address
-- time zone: instants are UTC
-- currency: none
-- Each website has a list of its own. For a recipient on a website speak the entries of that website, and
-- those that speak everywhere: the first by spoken_at, restrictiveness and key, all descending, which is the
-- one that changed last. Where the recipient's website is not known, all of the channel speak, by
-- unplaced_spoken_at. A doubt is never taken for consent: of entries without a date, one that consents counts
-- as the oldest and one that does not as the newest; an entry of an unknown list consents to nothing and says
-- no to every list. Without a WITH, which would hide the table from whoever joins this view: then all entries
-- are read for each address that is looked up (0.3 s of 300,000), instead of the index.
create or replace view marketing.newsletter_entries with (security_invoker = true) as
select
    subscribers.newsletter_subscriber_key,
    subscribers.channel_code,
    subscribers.website_key,
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
    case
        when coalesce(subscribers.status, '') <> 'subscribed' and subscribers.website_key is not null
            then 'infinity'::timestamptz
        else
            coalesce(
                subscribers.source_updated_at,
                case when subscribers.status = 'subscribed' then '-infinity' else 'infinity' end::timestamptz
            )
    end as unplaced_spoken_at,
    case subscribers.status
        when 'subscribed' then 1
        when 'unconfirmed' then 2
        when 'not_active' then 3
        when 'unsubscribed' then 4
        else 5
    end as restrictiveness,
    subscribers.website_key is null and coalesce(subscribers.status, '') <> 'subscribed' as speaks_everywhere
from (
    select
        entries.*,
        coalesce(
            nullif(stores.website_key, stores.channel_code || ':0'),
            sole_websites.website_key
        ) as website_key
    from crm.newsletter_subscribers as entries
    left join crm.stores as stores
        on entries.store_key = stores.store_key
    left join (
        select
            websites.channel_code,
            min(websites.website_key) as website_key
        from crm.websites as websites
        where websites.deleted_at is null
        group by websites.channel_code
        having count(*) = 1
    ) as sole_websites
        on entries.channel_code = sole_websites.channel_code
    where
        entries.email_normalised is not null
        and entries.deleted_at is null
) as subscribers;

comment on view marketing.newsletter_entries is
'One row per entry of a newsletter list and whom it speaks for. Only readers of crm can read it.';
comment on column marketing.newsletter_entries.newsletter_subscriber_key is
'The entry; key of crm.newsletter_subscribers.';
comment on column marketing.newsletter_entries.channel_code is 'The channel whose list it is.';
comment on column marketing.newsletter_entries.website_key is
'The website whose list it stands on; key of crm.websites. NULL: it is not known.';
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
'When it counts from: changed_at; without one the beginning of time where it consents, its end where not.';
comment on column marketing.newsletter_entries.restrictiveness is
'1 (subscribed) to 5: at the same time the greater speaks.';
comment on column marketing.newsletter_entries.speaks_everywhere is
'Whether it speaks for every website: it says no, and nobody knows to which list.';
comment on column marketing.newsletter_entries.unplaced_spoken_at is
'The same for recipients whose website is not known: a no on any list is the last word.';
