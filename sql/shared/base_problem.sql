-- grain: none; an object
-- time zone: none
-- currency: none
-- The first part of what a writer says to have seen that cannot be held against anything, with the reason;
-- null: none. Of a cart these are the names of crm.cart_seen, of others the fields of their kind.
create or replace function crm.base_problem(kind text, base jsonb) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
    select case
        when jsonb_typeof(base) <> 'object'
            then jsonb_build_object('field', 'base', 'problem', 'it has to be a JSON object of fields and values')
        else (
            select jsonb_build_object('field', 'base', 'problem', format('%s %s', parts.part_name, parts.problem))
            from (
                select
                    given.key as part_name,
                    case
                        when given.key ~ '^(billing|shipping)_address$' and base_problem.kind like 'cart%'
                            and jsonb_typeof(given.value) = 'object'
                            then case when exists (
                                select from jsonb_each(given.value) as part
                                where jsonb_typeof(part.value) in ('object', 'array')
                            ) then 'holds a field that is no plain value' end
                        when jsonb_typeof(given.value) in ('object', 'array') then 'has to be a plain value'
                        when base_problem.kind like 'cart%' then case
                            when given.key ~ '^item .' or given.key = 'grand_total_amount' then case
                                when jsonb_typeof(given.value) <> 'null'
                                    and given.value #>> '{}' !~ '^[0-9]{1,15}(\.[0-9]{1,12})?$' then 'has to be a number'
                            end
                            when given.key !~ '^(billing|shipping)_address(\.[a-z_]+)?$' and given.key not in (
                                'store_id', 'coupon_code', 'shipping_method', 'payment_method'
                            ) then 'is nothing that is held against the cart; crm.cart_seen has what is'
                        end
                        when not exists (
                            select from crm.changeable_fields as fields
                            where fields.kind = base_problem.kind and fields.field_name = given.key
                        ) then 'is no field of this kind of change'
                    end as problem
                from jsonb_each(base) as given
            ) as parts
            where parts.problem is not null
            order by parts.part_name
            limit 1
        )
    end
$$;

comment on function crm.base_problem(text, jsonb) is
'What is wrong with what a writer says to have seen, for crm.request_change; null: nothing.';
