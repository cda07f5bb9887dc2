-- grain: one row per cart that is not gone from the store and has an e-mail address
-- time zone: instants are UTC
-- currency: none
-- What is needed to write about a cart: of a registered customer the customer's own address, of a guest the
-- one typed into the cart. Telephone, company and street only of who pays: a gift goes to somebody else.
-- Restricting member_key goes down to the indexes.
create or replace view marketing.cart_recipients with (security_invoker = true) as
with candidates as not materialized (
    select
        carts.channel_code,
        carts.cart_key,
        carts.customer_key,
        carts.store_key,
        coalesce(
            nullif(stores.website_key, carts.channel_code || ':0'),
            nullif(customers.website_key, carts.channel_code || ':0')
        ) as website_key,
        stores.store_name,
        customers.contact_key,
        customers.account_key,
        addresses.cart_address_key,
        addresses.address_type,
        addresses.company,
        addresses.telephone,
        addresses.street,
        addresses.city,
        addresses.region,
        addresses.postcode,
        addresses.country_code,
        coalesce(customers.birth_date, carts.customer_birth_date) as birth_date,
        customers.gender,
        coalesce(
            customers.first_name,
            carts.customer_first_name,
            case when addresses.address_type = 'billing' then addresses.first_name end
        ) as first_name,
        coalesce(
            customers.last_name,
            carts.customer_last_name,
            case when addresses.address_type = 'billing' then addresses.last_name end
        ) as last_name,
        addresses.address_type = 'billing'
        or lower(addresses.last_name) = lower(coalesce(customers.last_name, carts.customer_last_name))
            as is_own_address,
        case
            when customers.is_guest is false and customers.email_normalised is not null then customers.email
            when carts.customer_email_normalised is not null then carts.customer_email
            when addresses.email_normalised is not null then addresses.email
            else customers.email
        end as email,
        case
            when customers.is_guest is false and customers.email_normalised is not null
                then customers.email_normalised
            else
                coalesce(
                    carts.customer_email_normalised,
                    addresses.email_normalised,
                    customers.email_normalised
                )
        end as email_normalised
    from crm.carts as carts
    left join crm.customers as customers
        on
            carts.customer_key = customers.customer_key
            and customers.deleted_at is null
    left join crm.cart_addresses as addresses
        on
            carts.cart_key = addresses.cart_key
            and addresses.deleted_at is null
    left join crm.stores as stores
        on carts.store_key = stores.store_key
    where carts.deleted_at is null
),

chosen as not materialized (
    select distinct on (candidates.channel_code, candidates.cart_key) candidates.*
    from candidates
    where candidates.email_normalised is not null
    order by
        candidates.channel_code asc,
        candidates.cart_key asc,
        coalesce(candidates.address_type = 'billing', false) desc,
        candidates.cart_address_key asc
)

select
    chosen.channel_code,
    chosen.cart_key as member_key,
    chosen.customer_key,
    chosen.contact_key,
    chosen.email,
    chosen.email_normalised,
    chosen.first_name,
    chosen.last_name,
    chosen.birth_date,
    chosen.gender,
    case when chosen.is_own_address then chosen.company end as company,
    case when chosen.is_own_address then chosen.telephone end as phone,
    case when chosen.is_own_address then chosen.street end as street,
    chosen.city,
    chosen.region,
    chosen.postcode,
    chosen.country_code,
    chosen.store_key,
    chosen.store_name,
    websites.website_name,
    consent.state as consent_state,
    consent.source as consent_source,
    consent.store_key as consent_store_key,
    consent.changed_at as consent_at,
    others.emails as other_emails
from chosen
left join
    lateral marketing.consent_of(
        chosen.channel_code, chosen.website_key, chosen.email_normalised, chosen.account_key
    ) as consent
    on true
left join
    lateral marketing.other_emails_of(
        chosen.channel_code, chosen.customer_key, chosen.email_normalised
    ) as others
    on true
left join crm.websites as websites
    on chosen.website_key = websites.website_key;

comment on view marketing.cart_recipients is
'One row per cart that can be written about. Only who may read crm can read it.';
comment on column marketing.cart_recipients.channel_code is
'The channel.';
comment on column marketing.cart_recipients.member_key is
'The cart; key of crm.carts.';
comment on column marketing.cart_recipients.customer_key is
'Whose it is; key of crm.customers. NULL: the customer is not known.';
comment on column marketing.cart_recipients.contact_key is
'Address card of that customer; key of crm.contacts. NULL: none was made, or no customer is known.';
comment on column marketing.cart_recipients.email is
'Where to write to, as the store has it.';
comment on column marketing.cart_recipients.email_normalised is
'The same, trimmed and in lower case: two rows of one address are one person.';
comment on column marketing.cart_recipients.first_name is
'First name. NULL: not known.';
comment on column marketing.cart_recipients.last_name is
'Last name. NULL: not known.';
comment on column marketing.cart_recipients.birth_date is
'Date of birth. NULL: not given.';
comment on column marketing.cart_recipients.gender is
'Gender as given. NULL: not given.';
comment on column marketing.cart_recipients.company is
'Company of who pays. NULL: not known.';
comment on column marketing.cart_recipients.phone is
'Telephone number of who pays, as typed. NULL: not known.';
comment on column marketing.cart_recipients.street is
'Street and number, several lines parted by line breaks. NULL: not known.';
comment on column marketing.cart_recipients.city is
'City. NULL: not known.';
comment on column marketing.cart_recipients.region is
'State or region as written. NULL: not known.';
comment on column marketing.cart_recipients.postcode is
'Postcode. NULL: not known.';
comment on column marketing.cart_recipients.country_code is
'Country, ISO 3166 two letters as a rule. NULL: not known.';
comment on column marketing.cart_recipients.store_key is
'Store view of the cart; key of crm.stores. NULL: not known.';
comment on column marketing.cart_recipients.store_name is
'Name of that store view. NULL: not known.';
comment on column marketing.cart_recipients.website_name is
'Name of its website. NULL: not known.';
comment on column marketing.cart_recipients.consent_state is
'What the address, or the account since, said to the website. NULL: nothing, which is no consent.';
comment on column marketing.cart_recipients.consent_source is
'What that is known from. NULL: nothing is known.';
comment on column marketing.cart_recipients.consent_store_key is
'Store view it was given to; key of crm.stores. NULL: nothing is known, or not where.';
comment on column marketing.cart_recipients.consent_at is
'When it was given or withdrawn (UTC). NULL: nothing is known, or not when.';
comment on column marketing.cart_recipients.other_emails is
'Further addresses of the account, in any channel: whoever said no there is not written to here. NULL: none.';
