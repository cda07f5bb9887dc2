-- grain: none; a text
-- time zone: none
-- currency: none
-- What is wrong with an address that somebody wants on a cart; null: nothing. Never repeats a value.
create or replace function crm.cart_address_problem(address jsonb) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select case
        when address is null or jsonb_typeof(address) <> 'object' then 'it has to be an object'
        when address ? 'customer_address_id' then case
            when jsonb_typeof(address -> 'customer_address_id') <> 'number'
                or address ->> 'customer_address_id' !~ '^[1-9][0-9]{0,17}$'
                then 'customer_address_id has to be a whole number'
            when (select count(*) from jsonb_object_keys(address)) > 1
                then 'it is either one of the address book or typed anew'
        end
        else (
            select format('%s %s', fields.name, fields.problem)
            from (
                select
                    names.name,
                    case
                        when names.name not in (
                            'first_name', 'last_name', 'company', 'street', 'city', 'region', 'region_id', 'postcode',
                            'country_code', 'telephone', 'fax'
                        ) then 'is not known'
                        when not address ? names.name then 'is required'
                        when names.name = 'region_id' then case
                            when address ->> 'region_id' !~ '^[0-9]{1,9}$' then 'has to be a whole number'
                        end
                        when jsonb_typeof(address -> names.name) <> 'string' then 'has to be a text'
                        when btrim(address ->> names.name) = '' then 'is blank'
                        when length(address ->> names.name) > 255 then 'is longer than 255 characters'
                        when translate(address ->> names.name, E'\n\r\t', '') ~ '[[:cntrl:]]' then 'holds a control character'
                        when names.name = 'street'
                            and regexp_count(btrim(address ->> 'street', E'\n\r'), E'\r\n|\n|\r') > 3
                            then 'has more than four lines'
                        when names.name = 'country_code' and address ->> 'country_code' !~ '^[A-Z]{2}$'
                            then 'has to be two capital letters'
                    end as problem
                from (
                    select jsonb_object_keys(address) as name
                    union
                    select unnest(array['first_name', 'last_name', 'street', 'city', 'country_code', 'telephone'])
                ) as names
            ) as fields
            where fields.problem is not null
            order by fields.name
            limit 1
        )
    end
$$;

comment on function crm.cart_address_problem(jsonb) is
'What is wrong with an address that somebody wants on a cart, for crm.request_change; null: nothing.';
