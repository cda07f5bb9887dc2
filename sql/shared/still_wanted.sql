-- grain: none; an object
-- time zone: none
-- currency: none
-- What of a request is still to be made when a person left some of its fields as the store had them. A typed
-- address is all of it, so of a field of one the store's value takes the place of what was wanted.
create or replace function crm.still_wanted(wanted jsonb, left_fields jsonb) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
    select case
        when left_fields is null then wanted
        else coalesce((
            select jsonb_object_agg(given.key, still.value)
            from jsonb_each(wanted) as given
            cross join lateral (
                select case
                    when given.key = 'items' then (
                        select jsonb_agg(item.value order by item.ordinality)
                        from jsonb_array_elements(given.value) with ordinality as item
                        where not left_fields ? coalesce(
                            'item ' || (item.value ->> 'sku'), 'item #' || (item.value ->> 'product_id')
                        )
                    )
                    when given.key ~ '_address$' and jsonb_typeof(given.value) = 'object' then jsonb_strip_nulls(given.value || coalesce((
                        select jsonb_object_agg(substr(kept.key, length(given.key) + 2), kept.value)
                        from jsonb_each(left_fields) as kept
                        where starts_with(kept.key, given.key || '.')
                    ), '{}'::jsonb))
                    else given.value
                end as value
            ) as still
            where not left_fields ? given.key and still.value is not null
        ), '{}'::jsonb)
    end
$$;

comment on function crm.still_wanted(jsonb, jsonb) is
'What of a request is still to be made when a person left some of its fields as the store had them.';
