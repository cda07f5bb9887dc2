-- grain: one row per entry of a newsletter list that is not gone from the store and names an address, and a
-- second one, not is_of_list, for recipients of whom no website is known
-- time zone: instants are UTC
-- currency: none
-- Each website has a list of its own. For a recipient on a website speak the entries of that website, and
-- those that speak everywhere: the first by spoken_at, restrictiveness and key, all descending, which is the
-- one that changed last. A doubt is never taken for consent: of entries without a date, one that consents
-- counts as the oldest and one that does not as the newest; an entry of an unknown list consents to nothing
-- and says no to every list; and where the recipient's own website is not known, a no on any list is the last
-- word.
create or replace view marketing.newsletter_entries with (security_invoker = true) as
with sole_websites as (
    select
        websites.channel_code,
        min(websites.website_key) as website_key
    from crm.websites as websites
    where websites.deleted_at is null
    group by websites.channel_code
    having count(*) = 1
),

entries as (
    select
        subscribers.newsletter_subscriber_key,
        subscribers.channel_code,
        subscribers.email_normalised,
        subscribers.store_key,
        subscribers.customer_key,
        subscribers.source_updated_at as changed_at,
        coalesce(
            nullif(stores.website_key, stores.channel_code || ':0'),
            sole_websites.website_key
        ) as website_key,
        coalesce(subscribers.status, 'unknown') as state,
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
    left join crm.stores as stores
        on subscribers.store_key = stores.store_key
    left join sole_websites
        on subscribers.channel_code = sole_websites.channel_code
    where
        subscribers.email_normalised is not null
        and subscribers.deleted_at is null
)

select
    entries.newsletter_subscriber_key,
    entries.channel_code,
    entries.website_key,
    entries.email_normalised,
    entries.store_key,
    entries.customer_key,
    entries.changed_at,
    entries.state,
    'newsletter' as source,
    entries.spoken_at,
    entries.restrictiveness,
    entries.website_key is null and entries.state <> 'subscribed' as speaks_everywhere,
    true as is_of_list
from entries
union all
select
    entries.newsletter_subscriber_key,
    entries.channel_code,
    null as website_key,
    entries.email_normalised,
    entries.store_key,
    entries.customer_key,
    entries.changed_at,
    entries.state,
    'newsletter' as source,
    case when entries.state = 'subscribed' then entries.spoken_at else 'infinity' end as spoken_at,
    entries.restrictiveness,
    false as speaks_everywhere,
    false as is_of_list
from entries
where entries.website_key is not null;

comment on view marketing.newsletter_entries is
'One row per entry of a newsletter list and whom it speaks for. Only readers of crm can read it.';
comment on column marketing.newsletter_entries.newsletter_subscriber_key is
'The entry; key of crm.newsletter_subscribers.';
comment on column marketing.newsletter_entries.channel_code is 'The channel whose list it is.';
comment on column marketing.newsletter_entries.website_key is
'The website for whose recipients it speaks; key of crm.websites. NULL: for those of whom none is known.';
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
'When it counts from: changed_at; without one, or in doubt, the beginning or end of time.';
comment on column marketing.newsletter_entries.restrictiveness is
'1 (subscribed) to 5: at the same time the greater speaks.';
comment on column marketing.newsletter_entries.speaks_everywhere is
'Whether it speaks for every website: it says no, and nobody knows to which list.';
comment on column marketing.newsletter_entries.is_of_list is
'Whether it stands on this website''s list; false: it only speaks for whose website is not known.';
