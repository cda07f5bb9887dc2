-- grain: none; a number
-- time zone: none
-- currency: none
-- The one way into crm.outbox: whoever may call it needs no right on the table. A refusal has SQLSTATE CRM01,
-- names the field as its column, and never repeats a value, which may be somebody's.
create or replace function crm.request_change(
    kind text,
    target text,
    wanted jsonb default '{}'::jsonb,
    base jsonb default null,
    idempotency_key text default null,
    requested_by text default null
) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    asked alias for kind;
    known record;
    owner_key text;
    channel text := split_part(target, ':', 1);
    row_now jsonb;
    wants jsonb := coalesce(wanted, '{}'::jsonb);
    stored jsonb;
    once text := coalesce(nullif(btrim(idempotency_key), ''), gen_random_uuid()::text);
    who text := crm.person_named(requested_by, 'requested_by');
    found_id bigint;
begin
    select kinds.* into known from crm.change_kinds as kinds where kinds.kind = asked;
    perform crm.refuse(case
        when known.kind is null then
            '{"field": "kind", "problem": "there is no such kind of change; crm.change_kinds lists them"}'::jsonb
        when jsonb_typeof(wants) <> 'object' then
            '{"field": "wanted", "problem": "it has to be a JSON object of fields and values"}'
    end);
    found_id := crm.change_asked_before(channel, once, asked, target, wants);
    if found_id is not null then
        return found_id;
    end if;
    perform crm.refuse(crm.base_problem(asked, base));

    if known.target_table is null then
        perform crm.refuse('{"field": "target", "problem": "this kind wants the code of a channel, and there is no such channel"}')
        where not exists (select from ops.channels as channels where channels.channel_code = target);
    else
        -- Looked at once more when its record is held, so that numbers follow commits and nobody moves a cart meanwhile.
        for attempt in 1..2 loop
            execute format('select to_jsonb(one) from crm.%I as one where one.%I = $1',
                known.target_table, known.target_key_column) into row_now using target;
            perform crm.refuse_unchangeable(asked, known.target_table, row_now);
            owner_key := row_now ->> known.record_key_column;
            perform pg_advisory_xact_lock(hashtextextended(format('outbox:%s:%s', known.entity, owner_key), 0));
        end loop;
        channel := row_now ->> 'channel_code';
        perform crm.refuse('{"field": "target", "problem": "its person was erased"}')
        from ops.erased_records as erased
        where erased.record_key = owner_key and erased.entity = known.entity;
    end if;
    perform crm.refuse(crm.wanted_problem(asked, channel, row_now, wants));
    stored := case when asked = 'cart_create' and (row_now ->> 'is_guest')::boolean then jsonb_build_object(
        'email', row_now ->> 'email', 'first_name', row_now ->> 'first_name', 'last_name', row_now ->> 'last_name'
    ) else '{}'::jsonb end || wants;

    insert into crm.outbox as entries (
        channel_code, kind, target_key, entity, record_key, wanted_json, base_json, idempotency_key, requested_by,
        requested_login
    ) values (
        channel, asked, case when known.target_table is not null then target end, known.entity, owner_key, stored,
        crm.change_seen(asked, target, owner_key, row_now, wants, base), once, who, session_user
    )
    on conflict on constraint outbox_once do nothing
    returning entries.outbox_id into found_id;
    return coalesce(found_id, crm.change_asked_before(channel, once, asked, target, wants));
end $$;

comment on function crm.request_change(text, text, jsonb, jsonb, text, text) is
'Asks for a change in a store: kind (crm.change_kinds), target (key, or code of the channel), wanted fields
(crm.changeable_fields), base (what the writer saw; default: what the warehouse shows now), idempotency_key (asked again
under the same key, it is the same entry), requested_by. Returns crm.outbox.outbox_id; refuses with field and reason.';

revoke all on function crm.request_change(text, text, jsonb, jsonb, text, text) from public;
do $$
begin
    if exists (select from pg_roles where rolname = 'crm_editor') then
        grant execute on function crm.request_change(text, text, jsonb, jsonb, text, text) to crm_editor, crm_loader;
    end if;
end $$;
