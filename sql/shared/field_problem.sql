-- grain: none; a text
-- time zone: none
-- currency: none
-- What is wrong with a value by the rules of its field alone, as crm.changeable_fields has them; null:
-- nothing. Never repeats a value.
create or replace function crm.field_problem(
    field_value jsonb, value_type text, may_be_empty boolean, longest integer, choices text[]
) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    said text := field_value #>> '{}';
    problem text;
begin
    problem := case
        when jsonb_typeof(field_value) = 'null' then case when not may_be_empty then 'it cannot be emptied' end
        when value_type = 'flag'
            then case when jsonb_typeof(field_value) <> 'boolean' then 'it has to be true or false' end
        when value_type = 'integer' then case
            when jsonb_typeof(field_value) <> 'number' or said !~ '^[0-9]{1,9}$' then 'it has to be a whole number'
        end
        when jsonb_typeof(field_value) <> 'string' then 'it has to be a text'
        when btrim(said) = '' then 'it is blank; null empties it'
        when length(said) > longest then format('it is longer than %s characters', longest)
        when value_type = 'street' and regexp_count(btrim(said, E'\n\r'), E'\r\n|\n|\r') > 3
            then 'it has more than four lines'
        when translate(said, E'\n\r\t', '') ~ '[[:cntrl:]]' then 'it holds a control character'
        when value_type = 'email' and said !~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:]]+$'
            then 'it is no e-mail address'
        when value_type = 'country' and said !~ '^[A-Z]{2}$' then 'it has to be two capital letters'
        when value_type = 'date' and said !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
            then 'it is no day; write it like 1990-12-31'
        when choices is not null and not said = any(choices)
            then 'it has to be one of ' || array_to_string(choices, ', ')
    end;
    if problem is null and value_type = 'date' and jsonb_typeof(field_value) = 'string' then
        begin
            perform said::date;
        exception
            when datetime_field_overflow or invalid_datetime_format then problem := 'there is no such day';
        end;
    end if;
    return problem;
end $$;

comment on function crm.field_problem(jsonb, text, boolean, integer, text[]) is
'What is wrong with a value by the rules of its field alone, for crm.request_change; null: nothing.';
