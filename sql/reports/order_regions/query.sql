-- grain: one row per order that counts
-- time zone: order_date is the day in the channel's zone
-- currency: none
-- Joined as in crm.address_regions, which reads every address there is and so is not asked.
with orders as (
    select
        orders.order_key,
        orders.channel_code,
        orders.order_date
    from report.sales_orders as orders
    inner join refresh_scope as scope
        on orders.order_key = scope.order_key
),

addresses as (
    select distinct on (addresses.order_key)
        addresses.order_key,
        addresses.channel_code,
        addresses.country_code,
        addresses.region_id,
        addresses.region
    from crm.order_addresses as addresses
    inner join orders
        on addresses.order_key = orders.order_key
    where addresses.deleted_at is null
    order by
        addresses.order_key asc,
        addresses.address_type = 'shipping' desc,
        addresses.order_address_key
),

said as (
    select
        addresses.order_key,
        addresses.channel_code,
        addresses.region,
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
    orders.order_key,
    orders.channel_code,
    orders.order_date,
    said.country_code,
    said.country_name,
    coalesce(by_id.region_key, by_text.region_key, by_number.region_key) as region_key,
    coalesce(by_id.region_name, by_text.region_name, by_number.region_name, said.region) as region_name
from orders
left join said
    on orders.order_key = said.order_key
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
        and said.padded_code = by_number.spelling
