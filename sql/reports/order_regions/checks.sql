-- Each statement returns the rows that are wrong, within the orders that the refresh computed anew.

-- fail: Regions of another country than the order's.
select
    places.order_key,
    places.country_code
from report.order_regions as places
inner join refresh_scope as scope
    on places.order_key = scope.order_key
inner join crm.regions as regions
    on places.region_key = regions.region_key
where places.country_code is distinct from regions.country_code;

-- warn: Orders without a country.
select places.order_key
from report.order_regions as places
inner join refresh_scope as scope
    on places.order_key = scope.order_key
where places.country_code is null
