-- grain: one row per contact and distinct address
-- time zone: instants are UTC
-- currency: none
create or replace view crm.contact_addresses as
with spelled as (
    select
        entries.*,
        case entries.address_of when 'customer' then 1 when 'order' then 2 else 3 end as rank,
        -- A region is spelled in many ways: where there is a postcode, it tells nothing more.
        array_to_string(
            array[
                btrim(entries.first_name),
                btrim(entries.last_name),
                btrim(entries.company),
                btrim(entries.street),
                btrim(entries.city),
                btrim(entries.postcode),
                case when entries.postcode is null then btrim(entries.region) end,
                entries.country_code
            ], chr(31), ''
        ) as written
    from crm.contact_address_entries as entries
    where num_nonnulls(entries.company, entries.street, entries.city, entries.postcode) > 0
),

compared as (
    select
        spelled.*,
        lower(regexp_replace(normalize(spelled.written), '\s+', ' ', 'g')) as compared_text
    from spelled
),

-- Shown as the address book has it, else as it was last used.
shown as (
    select distinct on (compared.contact_key, compared.account_key, compared.compared_text)
        compared.*,
        bool_or(compared.is_billing) over same as is_ever_billing,
        bool_or(compared.is_shipping) over same as is_ever_shipping,
        max(compared.used_at) over same as last_used_at,
        count(*) over same as entry_count
    from compared
    window same as (partition by compared.contact_key, compared.account_key, compared.compared_text)
    order by
        compared.contact_key asc,
        compared.account_key asc,
        compared.compared_text asc,
        compared.rank asc,
        compared.used_at desc nulls last,
        compared.address_of asc,
        compared.address_key asc
)

select
    shown.contact_key,
    shown.account_key,
    shown.address_of,
    shown.address_key,
    row_number() over (
        partition by shown.contact_key, shown.account_key
        order by
            shown.rank asc,
            shown.is_ever_billing desc,
            shown.is_ever_shipping desc,
            shown.last_used_at desc nulls last,
            shown.address_key asc
    ) = 1 as is_primary,
    shown.is_ever_billing as is_billing,
    shown.is_ever_shipping as is_shipping,
    shown.rank = 1 as is_in_address_book,
    shown.entry_count,
    shown.last_used_at,
    shown.name_prefix,
    shown.first_name,
    shown.middle_name,
    shown.last_name,
    shown.name_suffix,
    shown.company,
    shown.street,
    shown.city,
    shown.region,
    shown.postcode,
    shown.country_code,
    shown.telephone
from shown;

comment on view crm.contact_addresses is
'One row per contact and distinct address, name and company in it included; capitals and blanks aside.';
comment on column crm.contact_addresses.contact_key is 'The person; key of crm.contacts.';
comment on column crm.contact_addresses.account_key is 'Their account; key of crm.accounts.';
comment on column crm.contact_addresses.address_of is
'customer, order or cart: what the row is shown from; address_key is unique within each.';
comment on column crm.contact_addresses.address_key is
'The address; key of crm.customer_addresses, crm.order_addresses or crm.cart_addresses.';
comment on column crm.contact_addresses.is_primary is
'Whether it is the one to show: of the address book first, for bills first, then the last used.';
comment on column crm.contact_addresses.is_billing is
'Whether bills go here by default, or a guest''s bill went here.';
comment on column crm.contact_addresses.is_shipping is
'Whether parcels go here by default, or a guest''s parcel went here.';
comment on column crm.contact_addresses.is_in_address_book is
'false: only orders or carts of a guest have it.';
comment on column crm.contact_addresses.entry_count is
'How many entries say the same; they are in crm.contact_address_entries.';
comment on column crm.contact_addresses.last_used_at is
'When an entry last changed or an order last used it (UTC). NULL: the store has no date.';
comment on column crm.contact_addresses.name_prefix is 'Title before the name. NULL where none.';
comment on column crm.contact_addresses.first_name is 'First name. NULL where none.';
comment on column crm.contact_addresses.middle_name is 'Middle name. NULL where none.';
comment on column crm.contact_addresses.last_name is 'Last name. NULL where none.';
comment on column crm.contact_addresses.name_suffix is 'Title behind the name. NULL where none.';
comment on column crm.contact_addresses.company is 'Company. NULL where none.';
comment on column crm.contact_addresses.street is
'Street; up to four lines, parted by line breaks. NULL where none.';
comment on column crm.contact_addresses.city is 'City. NULL where none.';
comment on column crm.contact_addresses.region is
'State or province as text; crm.address_regions knows which it is. NULL where none was given.';
comment on column crm.contact_addresses.postcode is 'Postal code. NULL where none.';
comment on column crm.contact_addresses.country_code is 'Country, ISO 3166 two letters. NULL where none.';
comment on column crm.contact_addresses.telephone is 'Telephone as entered. NULL where none.';
