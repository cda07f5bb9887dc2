-- grain: none; a number
-- time zone: none
-- currency: none
-- The entry of crm.outbox that has an idempotency key of a channel already; null: none. Who asks again may
-- have lost the answer, so it is the same entry whatever became of the change and of its target since.
create or replace function crm.change_asked_before(
    channel_code text, idempotency_key text, kind text, target text, wanted jsonb
) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    known record;
begin
    select
        entries.outbox_id,
        entries.kind = change_asked_before.kind
            and coalesce(entries.target_key, entries.channel_code) = change_asked_before.target
            -- A guest's name and address are added at the door; of an erased person nobody can tell.
            and coalesce(case entries.kind
                when 'cart_create' then entries.wanted_json - array['email', 'first_name', 'last_name']
                else entries.wanted_json
            end, change_asked_before.wanted) = change_asked_before.wanted as is_the_same
    into known
    from crm.outbox as entries
    where entries.channel_code = change_asked_before.channel_code
        and entries.idempotency_key = change_asked_before.idempotency_key;
    if not known.is_the_same then
        raise exception 'idempotency_key: it was used for another change'
        using errcode = 'CRM01', column = 'idempotency_key';
    end if;
    return known.outbox_id;
end $$;

comment on function crm.change_asked_before(text, text, text, text, jsonb) is
'The entry of crm.outbox that has an idempotency key already, for crm.request_change; null: none.';
