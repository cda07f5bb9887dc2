-- grain: one row per newsletter entry that is not gone from the store
-- time zone: instants are UTC
-- currency: none
-- What is needed to write to an entry of a newsletter list. Names are known of customers only.
create or replace view marketing.subscriber_recipients with (security_invoker = true) as
select
    subscribers.channel_code,
    subscribers.newsletter_subscriber_key as member_key,
    customers.customer_key,
    customers.contact_key,
    listed.email,
    subscribers.email_normalised,
    customers.first_name,
    customers.last_name,
    customers.birth_date,
    customers.gender,
    null::text as company,
    null::text as phone,
    null::text as street,
    null::text as city,
    null::text as region,
    null::text as postcode,
    null::text as country_code,
    subscribers.store_key,
    stores.store_name,
    websites.website_name,
    consent.state as consent_state,
    consent.source as consent_source,
    consent.store_key as consent_store_key,
    consent.changed_at as consent_at,
    others.emails as other_emails
from marketing.newsletter_entries as subscribers
inner join crm.newsletter_subscribers as listed
    on subscribers.newsletter_subscriber_key = listed.newsletter_subscriber_key
left join crm.customers as customers
    on
        subscribers.customer_key = customers.customer_key
        and customers.deleted_at is null
left join crm.stores as stores
    on subscribers.store_key = stores.store_key
left join crm.websites as websites
    on subscribers.website_key = websites.website_key
left join
    lateral marketing.consent_of(
        subscribers.channel_code,
        subscribers.website_key,
        subscribers.email_normalised,
        customers.account_key
    ) as consent
    on true
left join
    lateral marketing.other_emails_of(
        subscribers.channel_code, subscribers.customer_key, subscribers.email_normalised
    ) as others
    on true;

comment on view marketing.subscriber_recipients is
'One row per newsletter entry. Only who may read crm can read it.';
comment on column marketing.subscriber_recipients.channel_code is
'The channel.';
comment on column marketing.subscriber_recipients.member_key is
'The entry; key of crm.newsletter_subscribers.';
comment on column marketing.subscriber_recipients.customer_key is
'The customer whom the entry names; key of crm.customers. NULL: it names only an address.';
comment on column marketing.subscriber_recipients.contact_key is
'Address card of that customer; key of crm.contacts. NULL: none was made, or no customer is known.';
comment on column marketing.subscriber_recipients.email is
'Where to write to, as the store has it.';
comment on column marketing.subscriber_recipients.email_normalised is
'The same, trimmed and in lower case: two rows of one address are one person.';
comment on column marketing.subscriber_recipients.first_name is
'First name. NULL: not known.';
comment on column marketing.subscriber_recipients.last_name is
'Last name. NULL: not known.';
comment on column marketing.subscriber_recipients.birth_date is
'Date of birth. NULL: not given.';
comment on column marketing.subscriber_recipients.gender is
'Gender as given. NULL: not given.';
comment on column marketing.subscriber_recipients.company is
'Always NULL: an entry has no postal address.';
comment on column marketing.subscriber_recipients.phone is
'Always NULL.';
comment on column marketing.subscriber_recipients.street is
'Always NULL.';
comment on column marketing.subscriber_recipients.city is
'Always NULL.';
comment on column marketing.subscriber_recipients.region is
'Always NULL.';
comment on column marketing.subscriber_recipients.postcode is
'Always NULL.';
comment on column marketing.subscriber_recipients.country_code is
'Always NULL.';
comment on column marketing.subscriber_recipients.store_key is
'Store view whose list it is; key of crm.stores. NULL: not known.';
comment on column marketing.subscriber_recipients.store_name is
'Name of that store view. NULL: not known.';
comment on column marketing.subscriber_recipients.website_name is
'Name of its website. NULL: not known.';
comment on column marketing.subscriber_recipients.consent_state is
'What the address, or the account since, said to the website. NULL: nothing, which is no consent.';
comment on column marketing.subscriber_recipients.consent_source is
'What that is known from. NULL: nothing is known.';
comment on column marketing.subscriber_recipients.consent_store_key is
'Store view it was given to; key of crm.stores. NULL: nothing is known, or not where.';
comment on column marketing.subscriber_recipients.consent_at is
'When it was given or withdrawn (UTC). NULL: nothing is known, or not when.';
comment on column marketing.subscriber_recipients.other_emails is
'Further addresses of the account, in any channel: whoever said no there is not written to here. NULL: none.';
