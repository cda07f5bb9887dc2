-- grain: none; a text
-- time zone: none
-- currency: none
-- What is wrong with the lines that somebody wants in a cart; null: nothing. Never repeats a value.
create or replace function crm.cart_items_problem(items jsonb, may_take_out boolean) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select case
        when items is null or jsonb_typeof(items) <> 'array' then 'it has to be a list'
        when jsonb_array_length(items) not between 1 and 100 then 'it has to have 1 to 100 entries'
        else (
            select format('entry %s: %s', entries.place, entries.problem)
            from (
                select
                    listed.place,
                    case
                        when jsonb_typeof(listed.item) <> 'object' then 'it has to be an object'
                        when exists (
                            select from jsonb_object_keys(listed.item) as keys (name)
                            where keys.name not in (
                                'sku', 'product_id', 'qty', 'options', 'bundle_options', 'bundle_qtys', 'links'
                            )
                        ) then 'it has a field that is not known'
                        when (listed.item ? 'sku') = (listed.item ? 'product_id') then 'it needs either sku or product_id'
                        when listed.item ? 'sku' and (
                            jsonb_typeof(listed.item -> 'sku') <> 'string' or listed.item ->> 'sku' !~ '^[^[:cntrl:]]{1,64}$'
                        ) then 'sku has to be a text of 1 to 64 characters'
                        when listed.item ? 'product_id' and (
                            jsonb_typeof(listed.item -> 'product_id') <> 'number'
                            or listed.item ->> 'product_id' !~ '^[1-9][0-9]{0,8}$'
                        ) then 'product_id has to be a whole number'
                        when coalesce(jsonb_typeof(listed.item -> 'qty'), 'none') <> 'number' then 'qty has to be a number'
                        when listed.item ->> 'qty' !~ '^[0-9]{1,6}([.][0-9]{1,4})?$'
                            then 'qty has to be a number with at most four decimals'
                        when (listed.item ->> 'qty')::numeric = 0 and not may_take_out then 'qty has to be above 0'
                        when exists (
                            select from jsonb_each(listed.item) as parts (name, chosen)
                            where parts.name in ('options', 'bundle_options', 'bundle_qtys')
                                and (jsonb_typeof(parts.chosen) <> 'object' or exists (
                                    select from jsonb_each(parts.chosen) as option
                                    where jsonb_typeof(option.value) not in ('string', 'number')
                                ))
                        ) then 'options have to be objects of option id and a text or number'
                        when listed.item ? 'links' and (jsonb_typeof(listed.item -> 'links') <> 'array' or exists (
                            select from jsonb_array_elements(listed.item -> 'links') as link
                            where jsonb_typeof(link) not in ('string', 'number')
                        )) then 'links has to be a list of ids'
                        when exists (
                            select from jsonb_array_elements(items) with ordinality as other (item, place)
                            where other.place < listed.place and other.item - 'qty' = listed.item - 'qty'
                        ) then 'it is listed before: once, with all its pieces'
                    end as problem
                from jsonb_array_elements(items) with ordinality as listed (item, place)
            ) as entries
            where entries.problem is not null
            order by entries.place
            limit 1
        )
    end
$$;

comment on function crm.cart_items_problem(jsonb, boolean) is
'What is wrong with the lines that somebody wants in a cart, for crm.request_change; null: nothing.';
