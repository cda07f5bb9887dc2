-- grain: none; an object
-- time zone: none
-- currency: none
-- What a request wants, by the names under which it is merged. Of a cart these are its lines and the fields
-- of its addresses; an address of the customer's book is one of its own.
create or replace function crm.wanted_values(kind text, wanted jsonb) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select case when wanted_values.kind not like 'cart%' then wanted else coalesce((
        select jsonb_object_agg(parts.name, parts.value)
        from jsonb_each(wanted) as given
        cross join lateral (
            select
                coalesce('item ' || (item.value ->> 'sku'), 'item #' || (item.value ->> 'product_id')) as name,
                to_jsonb(trim_scale(nullif((item.value ->> 'qty')::numeric, 0))::text) as value
            from jsonb_array_elements(case when given.key = 'items' then given.value else '[]'::jsonb end) as item
            union all
            select given.key || '.' || typed.key as name, typed.value
            from jsonb_each(case
                when given.key ~ '_address$' and not given.value ? 'customer_address_id' then given.value
                else '{}'::jsonb
            end) as typed
            union all
            select given.key as name, given.value
            where given.key !~ '_address$' and given.key <> 'items' or given.value ? 'customer_address_id'
        ) as parts
        where parts.name is not null
    ), '{}'::jsonb) end
$$;

comment on function crm.wanted_values(text, jsonb) is
'What a request of crm.outbox wants, by the names under which it is merged with what the store holds.';
