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
    field record;
    owner_key text;
    channel text;
    seen jsonb;
    row_now jsonb;
    wants jsonb := coalesce(wanted, '{}'::jsonb);
    once text := coalesce(nullif(btrim(idempotency_key), ''), gen_random_uuid()::text);
    who text := crm.person_named(requested_by, 'requested_by');
    refused constant text := 'CRM01';
    problem text;
    problems jsonb;
    found_id bigint;
begin
    select kinds.* into known from crm.change_kinds as kinds where kinds.kind = asked;
    if not found then
        raise exception 'kind: there is no such kind of change; crm.change_kinds lists them'
        using errcode = refused, column = 'kind';
    end if;
    if jsonb_typeof(wants) <> 'object' then
        raise exception 'wanted: it has to be a JSON object of fields and values'
        using errcode = refused, column = 'wanted';
    end if;
    channel := split_part(target, ':', 1);
    found_id := crm.change_asked_before(channel, once, asked, target, wants);
    if found_id is not null then
        return found_id;
    end if;
    problems := crm.base_problem(asked, base);
    if problems is not null then
        raise exception '%: %', problems ->> 'field', problems ->> 'problem'
        using errcode = refused, column = problems ->> 'field';
    end if;

    if known.target_table is null then
        if not exists (select from ops.channels as channels where channels.channel_code = target) then
            raise exception 'target: this kind wants the code of a channel, and there is no such channel'
            using errcode = refused, column = 'target';
        end if;
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
        if exists (
            select from ops.erased_records as erased
            where erased.record_key = owner_key and erased.entity = known.entity
        ) then
            raise exception 'target: its person was erased' using errcode = refused, column = 'target';
        end if;
    end if;

    for field in
        select given.key as name, given.value, rules.*
        from jsonb_each(wants) as given
        left join crm.changeable_fields as rules on rules.kind = asked and rules.field_name = given.key
        order by given.key
    loop
        problem := case
            when field.field_name is null then 'this kind of change has no such field; crm.changeable_fields lists them'
            when field.value_type = 'items' and jsonb_typeof(field.value) <> 'null'
                then crm.cart_items_problem(field.value, asked = 'cart_change')
            when field.value_type = 'address' and jsonb_typeof(field.value) <> 'null'
                then coalesce(crm.cart_address_problem(field.value), case
                    when field.value ? 'customer_address_id' and not exists (
                        select from crm.customer_addresses as book
                        where book.customer_address_key = channel || ':' || (field.value ->> 'customer_address_id')
                            and book.customer_key = row_now ->> 'customer_key' and book.deleted_at is null
                    ) then 'it is in nobody''s address book, or in somebody else''s'
                end, crm.unknown_reference(channel, field.value) ->> 'problem')
            else crm.field_problem(
                field.value, field.value_type, field.may_be_empty, field.longest::integer, field.choices
            )
        end;
        if problem is not null then
            raise exception '%: %', field.name, problem using errcode = refused, column = field.name;
        end if;
    end loop;
    select rules.field_name into problem
    from crm.changeable_fields as rules
    where rules.kind = asked and rules.is_required and not wants ? rules.field_name
    order by rules.field_name limit 1;
    if problem is not null then
        raise exception '%: it is required', problem using errcode = refused, column = problem;
    end if;
    problems := crm.unknown_reference(channel, case
        -- A region on its own is one of the country that the address has.
        when asked = 'address_update' and wants ? 'region_id' and not wants ? 'country_code'
            then wants || jsonb_build_object('country_code', row_now -> 'country_code')
        else wants
    end);
    if problems is not null then
        raise exception '%: %', problems ->> 'field', problems ->> 'problem'
        using errcode = refused, column = problems ->> 'field';
    end if;
    if asked = 'order_comment' and (wants ->> 'is_visible_on_front')::boolean and exists (
        select from ops.channels as channels where channels.channel_code = channel and channels.kind = 'magento1'
    ) then
        raise exception 'is_visible_on_front: Magento 1''s API cannot show a comment in the shop; it can mail it'
        using errcode = refused, column = 'is_visible_on_front';
    end if;
    if wants = '{}'::jsonb and (known.kind like '%update' or known.kind = 'cart_change') then
        raise exception 'wanted: it names no field to change' using errcode = refused, column = 'wanted';
    end if;
    if asked = 'cart_create' and (row_now ->> 'is_guest')::boolean then
        wants := wants || jsonb_build_object(
            'email', row_now ->> 'email', 'first_name', row_now ->> 'first_name', 'last_name', row_now ->> 'last_name'
        );
    end if;

    if known.target_table = 'carts' then
        -- The store view is no matter of opinion; the rest is as told, else as the warehouse shows it now.
        seen := crm.cart_seen(target) || coalesce(base, '{}'::jsonb)
            || jsonb_build_object('store_id', row_now -> 'store_id');
    elsif known.kind like '%update' then
        -- What the writer saw: as told, else as the warehouse shows it now. Who wants what it shows takes back a change
        -- that has not left yet, so that is what they saw.
        select jsonb_object_agg(names.key, coalesce(
            base -> names.key,
            case when names.value is not distinct from row_now -> names.key then (
                select earlier.wanted_json -> names.key
                from crm.outbox as earlier
                where earlier.channel_code = channel and earlier.record_key = owner_key and earlier.kind = asked
                    and earlier.target_key = target and earlier.wanted_json ? names.key
                    and earlier.state in ('pending', 'sending', 'unknown', 'conflict')
                order by earlier.outbox_id desc limit 1
            ) end,
            row_now -> names.key,
            'null'::jsonb
        )) into seen
        from jsonb_each(wants) as names;
    end if;

    insert into crm.outbox as entries (
        channel_code, kind, target_key, entity, record_key, wanted_json, base_json, idempotency_key, requested_by,
        requested_login
    ) values (
        channel, asked, case when known.target_table is not null then target end, known.entity, owner_key, wants, seen,
        once, who, session_user
    )
    on conflict on constraint outbox_once do nothing
    returning entries.outbox_id into found_id;
    return coalesce(
        found_id,
        crm.change_asked_before(channel, once, asked, target, coalesce(request_change.wanted, '{}'::jsonb))
    );
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
