-- grain: one row per address of customers, orders and carts
-- time zone: none
-- currency: none
create or replace view crm.address_regions as
with

addresses as (
    select
        customer_address_key as address_key,
        'customer' as address_of,
        channel_code,
        country_code,
        region_id,
        region
    from crm.customer_addresses
    where deleted_at is null
    union all
    select
        order_address_key as address_key,
        'order' as address_of,
        channel_code,
        country_code,
        region_id,
        region
    from crm.order_addresses
    where deleted_at is null
    union all
    select
        cart_address_key as address_key,
        'cart' as address_of,
        channel_code,
        country_code,
        region_id,
        region
    from crm.cart_addresses
    where deleted_at is null
),

-- What an address says, as crm.country_spellings and crm.region_spellings do.
said as (
    select
        addresses.address_key,
        addresses.address_of,
        addresses.channel_code,
        addresses.region,
        countries.country_key,
        countries.country_name,
        addresses.channel_code || ':' || addresses.region_id as region_key,
        coalesce(countries.country_code, addresses.country_code) as country_code,
        lower(btrim(addresses.region)) as spelling,
        case
            when btrim(addresses.region) ~ '^[0-9]+$' then 'no. ' || ltrim(btrim(addresses.region), '0')
        end as padded_code
    from addresses
    left join crm.country_spellings as countries
        on
            addresses.channel_code = countries.channel_code
            and lower(btrim(addresses.country_code)) = countries.spelling
)

select
    said.address_key,
    said.address_of,
    said.channel_code,
    said.country_key,
    said.country_code,
    said.country_name,
    coalesce(by_id.region_key, by_text.region_key, by_number.region_key) as region_key,
    coalesce(by_id.region_code, by_text.region_code, by_number.region_code) as region_code,
    coalesce(by_id.combined_code, by_text.combined_code, by_number.combined_code) as combined_code,
    coalesce(by_id.region_name, by_text.region_name, by_number.region_name, said.region) as region_name,
    case
        when by_id.region_key is not null then 'id'
        when by_text.region_key is not null then by_text.resolved_by
        when by_number.region_key is not null then by_number.resolved_by
        when said.region is not null then 'text'
    end as resolved_by
from said
-- A region of another country is not it, whatever the id: Magento may keep it when the country changes.
left join crm.regions as by_id
    on
        said.region_key = by_id.region_key
        and said.country_code = by_id.country_code
        and by_id.deleted_at is null
left join crm.region_spellings as by_text
    on
        said.channel_code = by_text.channel_code
        and said.country_code = by_text.country_code
        and said.spelling = by_text.spelling
left join crm.region_spellings as by_number
    on
        said.channel_code = by_number.channel_code
        and said.country_code = by_number.country_code
        and said.padded_code = by_number.spelling;

comment on view crm.address_regions is
'One row per address of customers, orders and carts: which country and region of the directory it names.';
comment on column crm.address_regions.address_key is
'The address; key of crm.customer_addresses, crm.order_addresses or crm.cart_addresses.';
comment on column crm.address_regions.address_of is
'customer, order or cart: whose address it is; the key is unique within each.';
comment on column crm.address_regions.channel_code is 'The channel it came through.';
comment on column crm.address_regions.country_key is
'The country; key of crm.countries. NULL: none was given, or none of the directory is known by that.';
comment on column crm.address_regions.country_code is
'The country, ISO 3166 two letters; as the address has it where the directory does not know it.';
comment on column crm.address_regions.country_name is 'Its name. NULL: the directory does not know it.';
comment on column crm.address_regions.region_key is
'The region, always of the country of the address; key of crm.regions. NULL: none is given or known by it.';
comment on column crm.address_regions.region_code is
'Its short name within the country. NULL: no region is known.';
comment on column crm.address_regions.combined_code is
'Country and code, joined by a hyphen. NULL: no region is known.';
comment on column crm.address_regions.region_name is
'Its name; the text of the address where no region is known. NULL: none was given.';
comment on column crm.address_regions.resolved_by is
'How it was found: id, code, name, padded_code (01 for 1), or text: kept as given. NULL: none was given.';
