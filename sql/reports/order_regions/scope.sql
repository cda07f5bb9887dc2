-- Orders touched, and all of a channel whose directory changed since the last refresh; an hour earlier, for
-- windows that were being loaded then. When everything is computed, everything is touched.
select touched.touched_key as order_key
from touched
union
select addresses.order_key
from crm.order_addresses as addresses
where
    :refreshed_at > '1970-01-02'
    and addresses.channel_code in (
        select regions.channel_code
        from crm.regions as regions
        where regions.changed_at > :refreshed_at - interval '1 hour'
        union all
        select countries.channel_code
        from crm.countries as countries
        where countries.changed_at > :refreshed_at - interval '1 hour'
    )
