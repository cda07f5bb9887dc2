-- grain: none; a state
-- time zone: none
-- currency: none
-- What a person says about an entry of crm.outbox that cannot go on by itself. Whoever took the CRM's side
-- has seen what the store held in the fields in question: that becomes what the writer saw of them, so the
-- next merge finds that only the CRM changed them, and asks again should the store have changed once more. Of
-- the other fields the writer still saw what there was, else what only the store changed would be undone.
create or replace function crm.decide_change(outbox_id bigint, decision text) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    asked alias for outbox_id;
    entry record;
    next_state text;
    refused constant text := 'CRM01';
begin
    select entries.* into entry from crm.outbox as entries where entries.outbox_id = asked for update;
    if not found or entry.wanted_json is null then
        raise exception 'outbox_id: there is no such entry, or its person was erased'
        using errcode = refused, column = 'outbox_id';
    end if;
    next_state := case
        when decision = 'drop' and entry.state in ('pending', 'conflict', 'rejected', 'dead') then 'dropped'
        when decision = 'store' and entry.state = 'conflict' then 'dropped'
        when decision = 'crm' and entry.state = 'conflict' then 'pending'
        when decision = 'retry' and entry.state in ('rejected', 'dead')
            then case when entry.sent_at is null then 'pending' else 'unknown' end
    end;
    if next_state is null then
        raise exception 'decision: an entry that is % can be decided by %', entry.state, case entry.state
            when 'conflict' then 'crm, store or drop'
            when 'pending' then 'drop'
            when 'rejected' then 'retry or drop'
            when 'dead' then 'retry or drop'
            else 'nobody'
        end using errcode = refused, column = 'decision';
    end if;

    update crm.outbox as entries set
        state = next_state,
        attempt_count = case when next_state = 'dropped' then entries.attempt_count else 0 end,
        next_attempt_at = null,
        last_error = case when next_state = 'dropped' then 'Taken back.' end,
        finished_at = case when next_state = 'dropped' then now() end,
        base_json = case
            when decision = 'crm' then entries.base_json || coalesce((
                select jsonb_object_agg(decided.field_name, decided.remote_value)
                from ops.write_back_log as decided
                where decided.outbox_id = asked and decided.reason = 'both changed it, somebody has to decide'
                    and decided.entry_id in (
                    select max(latest.entry_id) from ops.write_back_log as latest
                    where latest.outbox_id = asked group by latest.field_name
                )
            ), '{}'::jsonb)
            else entries.base_json
        end
    where entries.outbox_id = asked;
    return next_state;
end $$;

comment on function crm.decide_change(bigint, text) is
'Decides about an entry of crm.outbox: retry (rejected or dead), drop, and of a conflict crm (write what was
asked for) or store (leave the store as it is). Returns the new state; refuses what does not fit the present one.';

revoke all on function crm.decide_change(bigint, text) from public;
do $$
begin
    if exists (select from pg_roles where rolname = 'crm_editor') then
        grant execute on function crm.decide_change(bigint, text) to crm_editor, crm_loader;
    end if;
end $$;
