-- grain: none; a text
-- time zone: none
-- currency: none
-- Who is said to have done something: as they are named, else the login. What the rules of tasks closed comes
-- back when it is due again, so nobody may go by their name.
create or replace function crm.person_named(person_name text, field_name text) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
    if lower(btrim(person_name)) = 'rules' then
        raise exception '%: this name stands for the rules of tasks', field_name
        using errcode = 'CRM01', column = field_name;
    end if;
    return coalesce(nullif(btrim(person_name), ''), session_user);
end $$;

comment on function crm.person_named(text, text) is
'The name under which something is noted that a person did; refuses that of the rules.';
