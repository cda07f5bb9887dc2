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
)

select
    addresses.address_key,
    addresses.address_of,
    addresses.channel_code,
    places.country_key,
    places.country_code,
    places.country_name,
    places.region_key,
    places.region_code,
    places.combined_code,
    places.region_name,
    places.resolved_by
from addresses
cross join
    lateral crm.place_of(
        addresses.channel_code, addresses.country_code, addresses.region_id, addresses.region
    ) as places;

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
