-- grain: one row per order that counts
-- time zone: order_date is the day in the channel's zone
-- currency: none
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
)

select
    orders.order_key,
    orders.channel_code,
    orders.order_date,
    places.country_code,
    places.country_name,
    places.region_key,
    places.region_name
from orders
left join addresses
    on orders.order_key = addresses.order_key
left join
    lateral crm.place_of(
        addresses.channel_code, addresses.country_code, addresses.region_id, addresses.region
    ) as places
    on true
