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
    refused constant text := 'CRM01';
    problem text;
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

    if known.target_table is null then
        select channels.channel_code into channel from ops.channels as channels where channels.channel_code = target;
        if channel is null then
            raise exception 'target: this kind wants the code of a channel, and there is no such channel'
            using errcode = refused, column = 'target';
        end if;
    else
        execute format('select to_jsonb(one) from crm.%I as one where one.%I = $1',
            known.target_table, known.target_key_column) into row_now using target;
        if row_now is null or row_now ->> 'deleted_at' is not null then
            raise exception 'target: no % has this key, or it is gone from the store', known.target_table
            using errcode = refused, column = 'target';
        end if;
        if known.target_table = 'customers' and (row_now ->> 'is_guest')::boolean and asked <> 'cart_create' then
            raise exception 'target: a guest has no account in the store that could be changed'
            using errcode = refused, column = 'target';
        end if;
        if known.target_table = 'carts' and row_now ->> 'status' is distinct from 'open' then
            raise exception 'target: the cart is not open, it is %', coalesce(row_now ->> 'status', 'not judged yet')
            using errcode = refused, column = 'target';
        end if;
        if known.target_table = 'carts' and (row_now ->> 'is_multi_shipping')::boolean then
            raise exception 'target: the cart goes to several addresses, which only its buyer can order'
            using errcode = refused, column = 'target';
        end if;
        channel := row_now ->> 'channel_code';
        owner_key := row_now ->> known.record_key_column;
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
            when jsonb_typeof(field.value) = 'null'
                then case when not field.may_be_empty then 'it cannot be emptied' end
            when field.value_type = 'flag'
                then case when jsonb_typeof(field.value) <> 'boolean' then 'it has to be true or false' end
            when field.value_type = 'items' then crm.cart_items_problem(field.value, asked = 'cart_change')
            when field.value_type = 'address' then coalesce(crm.cart_address_problem(field.value), case
                when field.value ? 'customer_address_id' and not exists (
                    select from crm.customer_addresses as book
                    where book.customer_address_key = channel || ':' || (field.value ->> 'customer_address_id')
                        and book.customer_key = row_now ->> 'customer_key' and book.deleted_at is null
                ) then 'it is in nobody''s address book, or in somebody else''s'
            end)
            when field.value_type = 'integer'
                then case
                    when jsonb_typeof(field.value) <> 'number' or field.value #>> '{}' !~ '^[0-9]{1,9}$'
                        then 'it has to be a whole number'
                end
            when jsonb_typeof(field.value) <> 'string' then 'it has to be a text'
            when btrim(field.value #>> '{}') = '' then 'it is blank; null empties it'
            when length(field.value #>> '{}') > field.longest then format('it is longer than %s characters', field.longest)
            when translate(field.value #>> '{}', E'\n\r\t', '') ~ '[[:cntrl:]]' then 'it holds a control character'
            when field.value_type = 'email' and field.value #>> '{}' !~ '^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:]]+$'
                then 'it is no e-mail address'
            when field.value_type = 'country' and field.value #>> '{}' !~ '^[A-Z]{2}$'
                then 'it has to be two capital letters'
            when field.value_type = 'date' and field.value #>> '{}' !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
                then 'it is no day; write it like 1990-12-31'
            when field.choices is not null and not field.value #>> '{}' = any(field.choices)
                then 'it has to be one of ' || array_to_string(field.choices, ', ')
        end;
        if problem is null and field.value_type = 'date' and jsonb_typeof(field.value) = 'string' then
            begin
                perform (field.value #>> '{}')::date;
            exception
                when datetime_field_overflow or invalid_datetime_format then problem := 'there is no such day';
            end;
        end if;
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
    if asked = 'order_comment' and (wants ->> 'is_visible_on_front')::boolean and exists (
        select from ops.channels as channels where channels.channel_code = channel and channels.kind = 'magento1'
    ) then
        raise exception 'is_visible_on_front: Magento 1''s API cannot show a comment in the shop; it can mail it'
        using errcode = refused, column = 'is_visible_on_front';
    end if;
    if asked like 'cart_create%' and not exists (
        select from crm.stores as views
        where views.channel_code = channel and views.store_id = (wants ->> 'store_id')::bigint
            and views.deleted_at is null
    ) then
        raise exception 'store_id: the channel has no such store view' using errcode = refused, column = 'store_id';
    end if;
    if asked = 'cart_create' and (row_now ->> 'is_guest')::boolean then
        if row_now ->> 'email' is null or row_now ->> 'first_name' is null or row_now ->> 'last_name' is null then
            raise exception 'target: nobody knows the guest''s name or e-mail; cart_create_for_guest takes them'
            using errcode = refused, column = 'target';
        end if;
        wants := wants || jsonb_build_object(
            'email', row_now ->> 'email', 'first_name', row_now ->> 'first_name', 'last_name', row_now ->> 'last_name'
        );
    end if;
    if wants = '{}'::jsonb and (known.kind like '%update' or known.kind = 'cart_change') then
        raise exception 'wanted: it names no field to change' using errcode = refused, column = 'wanted';
    end if;

    if known.target_table = 'carts' then
        -- The store view is no matter of opinion; the rest is as told, else as the warehouse shows it now.
        seen := crm.cart_seen(target) || coalesce(base, '{}'::jsonb)
            || jsonb_build_object('store_id', row_now -> 'store_id');
    elsif known.kind like '%update' then
        -- What the writer saw: as told, else as the warehouse shows it now.
        select jsonb_object_agg(names.name, coalesce(base -> names.name, row_now -> names.name, 'null'::jsonb)) into seen
        from jsonb_object_keys(wants) as names (name);
    end if;

    insert into crm.outbox as entries (
        channel_code, kind, target_key, entity, record_key, wanted_json, base_json, idempotency_key, requested_by,
        requested_login
    ) values (
        channel, asked, case when known.target_table is not null then target end, known.entity, owner_key, wants, seen,
        once, coalesce(nullif(btrim(requested_by), ''), session_user), session_user
    )
    on conflict on constraint outbox_once do nothing
    returning entries.outbox_id into found_id;
    if found_id is not null then
        return found_id;
    end if;

    select entries.outbox_id into found_id
    from crm.outbox as entries
    where entries.channel_code = channel and entries.idempotency_key = once and entries.kind = asked
        and entries.target_key is not distinct from case when known.target_table is not null then target end
        and entries.wanted_json = wants;
    if found_id is null then
        raise exception 'idempotency_key: it was used for another change' using errcode = refused, column = 'idempotency_key';
    end if;
    return found_id;
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
