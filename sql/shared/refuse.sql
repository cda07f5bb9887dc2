-- grain: none; nothing
-- time zone: none
-- currency: none
-- Refuses a request with SQLSTATE CRM01, naming the field as its column. A problem is an object of field and
-- problem, and never repeats a value, which may be somebody's; null refuses nothing. Volatile: else it would
-- be called when a statement is planned, whatever its rows say.
create or replace function crm.refuse(problem jsonb) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
    if problem is not null then
        raise exception '%: %', problem ->> 'field', problem ->> 'problem'
        using errcode = 'CRM01', column = problem ->> 'field';
    end if;
end $$;

comment on function crm.refuse(jsonb) is
'Refuses a request for what is wrong with it, with field and reason; null: nothing is.';
