-- grain: none; a state
-- time zone: none
-- currency: none
-- What a person says about an entry of crm.outbox that cannot go on by itself. Whoever took the CRM's side
-- has seen what the store held in the fields in question: that becomes what the writer saw of them, so the
-- next merge finds that only the CRM changed them, and asks again should the store have changed once more. Of
-- the other fields the writer still saw what there was, else what only the store changed would be undone.
-- Whoever left fields to the store took back these, and the rest of the change goes on.
drop function if exists crm.decide_change(bigint, text);
create or replace function crm.decide_change(
    outbox_id bigint,
    decision text,
    fields text[] default null,
    decided_by text default null,
    shown_entry_id bigint default null
) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    asked alias for outbox_id;
    chosen alias for fields;
    shown alias for shown_entry_id;
    answer alias for decision;
    entry record;
    question record;
    held jsonb;
    next_state text;
    later_id bigint;
    who text := crm.person_named(decided_by, 'decided_by');
    refused constant text := 'CRM01';
begin
    -- As crm.request_change and crm.move_cart do: nobody gives a cart up while a change of it is tried again.
    perform pg_advisory_xact_lock(hashtextextended(format('outbox:%s:%s', entries.entity, entries.record_key), 0))
    from crm.outbox as entries where entries.outbox_id = asked;
    select entries.* into entry from crm.outbox as entries where entries.outbox_id = asked for update;
    if not found or entry.wanted_json is null then
        raise exception 'outbox_id: there is no such entry, or its person was erased'
        using errcode = refused, column = 'outbox_id';
    end if;
    -- What an attempt came upon last was noted in one transaction.
    select max(latest.entry_id) as entry_id, max(latest.decided_at) as noted_at into question
    from ops.write_back_log as latest where latest.outbox_id = asked;
    if shown is not null and (entry.state <> 'conflict' or question.entry_id is distinct from shown) then
        raise exception 'shown_entry_id: the entry has gone on since this was shown: look at it again'
        using errcode = refused, column = 'shown_entry_id';
    end if;
    select coalesce(jsonb_object_agg(decided.field_name, decided.remote_value), '{}'::jsonb) into held
    from ops.write_back_log as decided
    where decided.outbox_id = asked and decided.decided_at = question.noted_at
        and decided.reason = 'both changed it, somebody has to decide'
        and (chosen is null or decided.field_name = any(chosen));
    if chosen is not null and (answer not in ('crm', 'store') or not held ?& chosen or cardinality(chosen) = 0) then
        raise exception 'fields: only fields in conflict can be named, and only for crm or store'
        using errcode = refused, column = 'fields';
    end if;
    next_state := case
        when answer = 'drop' and entry.state in ('pending', 'conflict', 'rejected', 'dead') then 'dropped'
        when answer = 'store' and entry.state = 'conflict' then case
            -- A cart that is not what it was is not ordered in part.
            when entry.kind = 'cart_to_order' then 'dropped'
            when crm.still_wanted(entry.wanted_json, coalesce(entry.left_json, '{}'::jsonb) || held) = '{}'::jsonb
                then 'dropped'
            else 'pending'
        end
        when answer = 'crm' and entry.state = 'conflict' then 'pending'
        when answer = 'retry' and entry.state in ('rejected', 'dead')
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
    -- Who may write the table itself acts for others, whom they name: the forms do.
    if answer = 'crm' and held ? 'order_total' and (entry.result_json ->> 'needs_second_person')::boolean and (
        lower(who) = lower(btrim(entry.requested_by))
        or session_user = entry.requested_login and not has_table_privilege(session_user, 'crm.outbox', 'update')
    ) then
        raise exception 'decided_by: somebody else than who asked for this order has to say yes to it'
        using errcode = refused, column = 'decided_by';
    end if;
    later_id := case when answer = 'retry' then crm.overtaken_by(asked) end;
    if later_id is not null then
        raise exception 'decision: change % of the same came later and would be undone: drop this one', later_id
        using errcode = refused, column = 'decision';
    end if;

    insert into ops.write_back_decisions (
        outbox_id, channel_code, decision, field_names, state_before, state_after, error_before, decided_by,
        decided_login
    ) values (
        asked, entry.channel_code, answer,
        case when answer in ('crm', 'store') then array(select jsonb_object_keys(held)) end,
        entry.state, next_state, entry.last_error, who, session_user
    );
    update crm.outbox as entries set
        state = next_state,
        -- Attempts go on being counted, so that a worker of an earlier one cannot take itself for one of a later.
        earlier_attempt_count = case
            when next_state = 'dropped' then entries.earlier_attempt_count else entries.attempt_count
        end,
        next_attempt_at = null,
        last_error = case when next_state = 'dropped' then 'Taken back.' end,
        finished_at = case when next_state = 'dropped' then now() end,
        base_json = case when answer in ('crm', 'store') then entries.base_json || held else entries.base_json end,
        left_json = case
            when answer = 'store' then coalesce(entries.left_json, '{}'::jsonb) || held else entries.left_json
        end
    where entries.outbox_id = asked;
    return next_state;
end $$;

comment on function crm.decide_change(bigint, text, text[], text, bigint) is
'Decides about an entry of crm.outbox: retry (rejected or dead), drop, and of a conflict crm (write what was
asked for) or store (leave the store as it is), of all fields in conflict or of those named. decided_by: who says so.
shown_entry_id: the last of ops.write_back_log that they were shown. Returns the new state; refuses what does not fit.';

revoke all on function crm.decide_change(bigint, text, text[], text, bigint) from public;
do $$
begin
    if exists (select from pg_roles where rolname = 'crm_editor') then
        grant execute on function crm.decide_change(bigint, text, text[], text, bigint) to crm_editor, crm_loader;
    end if;
end $$;
