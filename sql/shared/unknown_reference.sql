-- grain: none; an object
-- time zone: none
-- currency: none
-- The first field that names something the channel's store does not have; null: none does. Magento checks
-- none of these. What the warehouse has not read at all (countries, regions) is not held against anybody.
create or replace function crm.unknown_reference(channel_code text, wanted jsonb) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
    select jsonb_build_object('field', problems.field_name, 'problem', problems.problem)
    from (
        values
        ('website_id', 'the channel has no such website', wanted ->> 'website_id' is not null and not exists (
            select from crm.websites as known
            where known.channel_code = unknown_reference.channel_code and known.deleted_at is null
                and known.website_id = (wanted ->> 'website_id')::bigint
        )),
        ('store_id', 'the channel has no such store view', wanted ->> 'store_id' is not null and not exists (
            select from crm.stores as known
            where known.channel_code = unknown_reference.channel_code and known.deleted_at is null
                and known.store_id = (wanted ->> 'store_id')::bigint
        )),
        ('store_id', 'the store view is one of another website', wanted ? 'website_id' and exists (
            select from crm.stores as known
            where known.channel_code = unknown_reference.channel_code and known.deleted_at is null
                and known.store_id = (wanted ->> 'store_id')::bigint
                and known.website_id <> (wanted ->> 'website_id')::bigint
        )),
        ('website_id', 'the website is none of those that the channel reads', wanted ->> 'website_id' is not null
            and exists (
                select from ops.frontiers as states
                where states.channel_code = unknown_reference.channel_code and states.entity = 'customers'
                    and jsonb_typeof(states.settings_json -> 'websites') = 'array'
                    and not states.settings_json -> 'websites' @> (wanted -> 'website_id')
            )),
        ('customer_group_id', 'the channel has no such group of customers',
            wanted ->> 'customer_group_id' is not null and not exists (
                select from crm.customer_groups as known
                where known.channel_code = unknown_reference.channel_code and known.deleted_at is null
                    and known.customer_group_id = (wanted ->> 'customer_group_id')::bigint
            )),
        ('country_code', 'the store does not know this country', wanted ->> 'country_code' is not null and exists (
            select from crm.countries as known where known.channel_code = unknown_reference.channel_code
        ) and not exists (
            select from crm.countries as known
            where known.channel_code = unknown_reference.channel_code and known.deleted_at is null
                and known.country_code = wanted ->> 'country_code'
        )),
        ('region_id', 'the country has no such region', (wanted ->> 'region_id')::bigint > 0 and exists (
            select from crm.regions as known where known.channel_code = unknown_reference.channel_code
        ) and not exists (
            select from crm.regions as known
            where known.channel_code = unknown_reference.channel_code and known.deleted_at is null
                and known.region_id = (wanted ->> 'region_id')::bigint
                and known.country_code = coalesce(wanted ->> 'country_code', known.country_code)
        ))
    ) as problems (field_name, problem, is_one)
    where problems.is_one
    limit 1
$$;

comment on function crm.unknown_reference(text, jsonb) is
'The first field of a request that names something its store does not have, with the reason, for
crm.request_change; null: none does.';
