-- grain: one row per channel and account, or customer without one, that has an e-mail address
-- time zone: instants are UTC
-- currency: none
-- What is needed to write to an account. One with several addresses is written to where it consented, else as
-- it is registered, else where something changed last; and not at all where it said no at any of them since.
-- Telephone, company and street only of who pays: a gift goes to somebody else. Restricting member_key goes
-- down to the indexes: there is no sorting or grouping by anything else on the way.
create or replace view marketing.account_recipients with (security_invoker = true) as
with everybody as not materialized (
    select
        customers.account_key as member_key,
        nullif(customers.website_key, customers.channel_code || ':0') as list_key,
        customers.*
    from crm.customers as customers
    where customers.account_key is not null
    union all
    select
        customers.customer_key as member_key,
        nullif(customers.website_key, customers.channel_code || ':0') as list_key,
        customers.*
    from crm.customers as customers
    where customers.account_key is null
),

-- Each with the newsletter entry that speaks for the address, as in marketing.consent_of: joined and then
-- chosen from, for a view that chooses would be worked out whole even for a few members.
spoken as not materialized (
    select distinct on (everybody.channel_code, everybody.member_key, everybody.customer_key)
        everybody.*,
        consent.state as consent_state,
        consent.source as consent_source,
        consent.store_key as consent_store_key,
        consent.changed_at as consent_at,
        consent.spoken_at
    from everybody
    left join marketing.newsletter_entries as consent
        on
            everybody.channel_code = consent.channel_code
            and everybody.email_normalised = consent.email_normalised
            and (
                everybody.list_key = consent.website_key
                or everybody.list_key is null
                or consent.speaks_everywhere
            )
    where everybody.email_normalised is not null
    order by
        everybody.channel_code asc,
        everybody.member_key asc,
        everybody.customer_key asc,
        case
            when everybody.list_key is null then consent.unplaced_spoken_at
            else consent.spoken_at
        end desc nulls last,
        consent.restrictiveness desc,
        consent.newsletter_subscriber_key desc
),

-- With the last no of the whole account, also of customers who are gone from the store.
people as not materialized (
    select
        spoken.*,
        max(case when spoken.consent_state = 'unsubscribed' then spoken.spoken_at end) over (
            partition by spoken.channel_code, spoken.member_key
        ) as refused_at
    from spoken
),

-- A guest has no address book: what was billed and delivered to stands in for it.
candidates as not materialized (
    select
        people.*,
        addresses.last_name as address_last_name,
        addresses.is_default_billing as is_billing,
        addresses.is_default_shipping as is_shipping,
        coalesce(addresses.source_updated_at, addresses.source_created_at) as used_at,
        addresses.customer_address_key as address_key,
        addresses.company,
        addresses.telephone as phone,
        addresses.street,
        addresses.city,
        addresses.region,
        addresses.postcode,
        addresses.country_code
    from people
    left join crm.customer_addresses as addresses
        on
            people.customer_key = addresses.customer_key
            and addresses.deleted_at is null
    where people.deleted_at is null
    union all
    select
        people.*,
        addresses.last_name as address_last_name,
        addresses.address_type = 'billing' as is_billing,
        addresses.address_type = 'shipping' as is_shipping,
        orders.source_created_at as used_at,
        addresses.order_address_key as address_key,
        addresses.company,
        addresses.telephone as phone,
        addresses.street,
        addresses.city,
        addresses.region,
        addresses.postcode,
        addresses.country_code
    from people
    inner join crm.orders as orders
        on people.customer_key = orders.customer_key
    inner join crm.order_addresses as addresses
        on orders.order_key = addresses.order_key
    where
        people.is_guest
        and people.deleted_at is null
        and orders.deleted_at is null
        and addresses.deleted_at is null
),

chosen as not materialized (
    select distinct on (candidates.channel_code, candidates.member_key)
        candidates.*,
        coalesce(candidates.is_billing, false)
        or coalesce(lower(candidates.address_last_name) = lower(candidates.last_name), false)
            as is_own_address,
        coalesce(
            candidates.consent_state = 'subscribed' and candidates.refused_at >= candidates.spoken_at, false
        ) as is_refused
    from candidates
    order by
        candidates.channel_code asc,
        candidates.member_key asc,
        coalesce(candidates.consent_state = 'subscribed', false) desc,
        coalesce(candidates.is_guest, false) asc,
        candidates.source_updated_at desc nulls last,
        candidates.customer_key asc,
        (candidates.address_key is not null) desc,
        coalesce(candidates.is_billing, false) desc,
        coalesce(candidates.is_shipping, false) desc,
        candidates.used_at desc nulls last,
        candidates.address_key asc
)

select
    chosen.channel_code,
    chosen.member_key,
    chosen.customer_key,
    chosen.contact_key,
    chosen.email,
    chosen.email_normalised,
    chosen.first_name,
    chosen.last_name,
    chosen.birth_date,
    chosen.gender,
    case when chosen.is_own_address then chosen.company end as company,
    case when chosen.is_own_address then chosen.phone end as phone,
    case when chosen.is_own_address then chosen.street end as street,
    chosen.city,
    chosen.region,
    chosen.postcode,
    chosen.country_code,
    chosen.store_key,
    stores.store_name,
    websites.website_name,
    case when chosen.is_refused then 'unsubscribed' else chosen.consent_state end as consent_state,
    chosen.consent_source,
    case when not chosen.is_refused then chosen.consent_store_key end as consent_store_key,
    case
        when not chosen.is_refused then chosen.consent_at
        when isfinite(chosen.refused_at) then chosen.refused_at
    end as consent_at,
    (
        select array_agg(distinct others.email_normalised)
        from crm.customers as others
        where
            others.account_key = chosen.account_key
            and others.email_normalised <> chosen.email_normalised
    ) as other_emails
from chosen
left join crm.stores as stores
    on chosen.store_key = stores.store_key
left join crm.websites as websites
    on chosen.website_key = websites.website_key;

comment on view marketing.account_recipients is
'One row per channel and account that can be written to. Only who may read crm can read it.';
comment on column marketing.account_recipients.channel_code is
'The channel.';
comment on column marketing.account_recipients.member_key is
'The account; key of crm.accounts; the customer, key of crm.customers, as long as it has none.';
comment on column marketing.account_recipients.customer_key is
'Whose address it is, a customer of the account; key of crm.customers.';
comment on column marketing.account_recipients.contact_key is
'Address card of that customer; key of crm.contacts. NULL: none was made, or no customer is known.';
comment on column marketing.account_recipients.email is
'Where to write to, as the store has it.';
comment on column marketing.account_recipients.email_normalised is
'The same, trimmed and in lower case: two rows of one address are one person.';
comment on column marketing.account_recipients.first_name is
'First name. NULL: not known.';
comment on column marketing.account_recipients.last_name is
'Last name. NULL: not known.';
comment on column marketing.account_recipients.birth_date is
'Date of birth. NULL: not given.';
comment on column marketing.account_recipients.gender is
'Gender as given. NULL: not given.';
comment on column marketing.account_recipients.company is
'Company of who pays. NULL: not known.';
comment on column marketing.account_recipients.phone is
'Telephone number of who pays, as typed. NULL: not known.';
comment on column marketing.account_recipients.street is
'Street and number, several lines parted by line breaks. NULL: not known.';
comment on column marketing.account_recipients.city is
'City. NULL: not known.';
comment on column marketing.account_recipients.region is
'State or region as written. NULL: not known.';
comment on column marketing.account_recipients.postcode is
'Postcode. NULL: not known.';
comment on column marketing.account_recipients.country_code is
'Country, ISO 3166 two letters as a rule. NULL: not known.';
comment on column marketing.account_recipients.store_key is
'Store view of that customer; key of crm.stores. NULL: not known.';
comment on column marketing.account_recipients.store_name is
'Name of that store view. NULL: not known.';
comment on column marketing.account_recipients.website_name is
'Name of its website. NULL: not known.';
comment on column marketing.account_recipients.consent_state is
'What the address, or the account since, said to the website. NULL: nothing, which is no consent.';
comment on column marketing.account_recipients.consent_source is
'What that is known from. NULL: nothing is known.';
comment on column marketing.account_recipients.consent_store_key is
'Store view it was given to; key of crm.stores. NULL: nothing is known, or not where.';
comment on column marketing.account_recipients.consent_at is
'When it was given or withdrawn (UTC). NULL: nothing is known, or not when.';
comment on column marketing.account_recipients.other_emails is
'Further addresses of the account, in any channel: whoever said no there is not written to here. NULL: none.';
