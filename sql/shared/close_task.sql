-- grain: none; nothing
-- time zone: none
-- currency: none
create or replace function crm.close_task(
    task_id bigint,
    outcome text default 'done',
    note text default null,
    made_by text default null
) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    asked alias for task_id;
    result alias for outcome;
    said alias for note;
    refused constant text := 'CRM01';
begin
    if result is null or result not in ('done', 'not_needed') then
        raise exception 'outcome: it has to be done or not_needed' using errcode = refused, column = 'outcome';
    end if;
    if length(said) > 65000 then
        raise exception 'note: it is longer than 65000 characters' using errcode = refused, column = 'note';
    end if;
    update crm.tasks as tasks set
        state = 'closed', outcome = result, note = nullif(btrim(said), ''), closed_at = now(),
        closed_by = crm.person_named(made_by, 'made_by')
    where tasks.task_id = asked and tasks.state = 'open';
    if not found then
        raise exception 'task_id: no open task has this number' using errcode = refused, column = 'task_id';
    end if;
end $$;

comment on function crm.close_task(bigint, text, text, text) is
'Ends an open task of crm.tasks by hand: done, or not_needed. What the outcome is known of (a contact,
a cart given up or bought) ends tasks by itself.';

revoke all on function crm.close_task(bigint, text, text, text) from public;
do $$
begin
    if exists (select from pg_roles where rolname = 'crm_editor') then
        grant execute on function crm.close_task(bigint, text, text, text) to crm_editor, crm_loader;
    end if;
end $$;
