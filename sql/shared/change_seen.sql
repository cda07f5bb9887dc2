-- grain: none; an object
-- time zone: none
-- currency: none
-- What the writer of a change saw: as told, else as the warehouse shows it now. Who wants what it shows while
-- an earlier change is on its way there, or made and not read again yet, takes that one back: so it is what
-- they saw.
create or replace function crm.change_seen(
    kind text, target text, record_key text, target_row jsonb, wanted jsonb, base jsonb
) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    asked alias for kind;
    owner_key alias for record_key;
    told jsonb := coalesce(base, '{}'::jsonb);
    wants jsonb := crm.wanted_values(kind, wanted);
    shown jsonb := target_row;
    earlier jsonb;
begin
    if asked = 'newsletter_subscribe' then
        -- Somebody who leaves in the shop after this is not subscribed over their no.
        return jsonb_build_object('status', coalesce((
            select case made.kind when 'newsletter_unsubscribe' then '"unsubscribed"' else '"subscribed"' end::jsonb
            from crm.outbox as made
            where made.channel_code = target_row ->> 'channel_code' and made.record_key = owner_key
                and made.kind like 'newsletter%' and made.target_key = target
                and (made.state in ('pending', 'sending', 'unknown') or made.unread_json is not null)
            order by made.outbox_id desc limit 1
        ), target_row -> 'status'));
    elsif asked like 'cart%' and asked not like 'cart_create%' then
        shown := crm.cart_seen(target);
        -- An address that is told as an object is told field by field.
        select coalesce(jsonb_object_agg(
            case when field.key is null then given.key else given.key || '.' || field.key end,
            coalesce(field.value, given.value)
        ), '{}'::jsonb) into told
        from jsonb_each(told) as given
        left join lateral jsonb_each(
            case when jsonb_typeof(given.value) = 'object' then given.value end
        ) as field on true
        where field.key is not null or jsonb_typeof(given.value) <> 'object';
    elsif asked not like '%update' then
        return null;
    end if;

    select coalesce(jsonb_object_agg(before.name, before.value), '{}'::jsonb) into earlier
    from (
        select distinct on (names.key) names.key as name, crm.wanted_values(made.kind, made.wanted_json) -> names.key as value
        from jsonb_each(wants) as names
        inner join crm.outbox as made
            on made.channel_code = target_row ->> 'channel_code' and made.record_key = owner_key
                and made.kind = case when asked like 'cart%' then 'cart_change' else asked end
                and made.target_key = target and crm.wanted_values(made.kind, made.wanted_json) ? names.key
        where not told ? names.key
            and coalesce(names.value, 'null') = coalesce(shown -> names.key, 'null')
            and (made.state in ('pending', 'sending', 'unknown', 'conflict') or made.unread_json is not null and exists (
                select from ops.write_back_log as decided
                where decided.outbox_id = made.outbox_id and decided.field_name = names.key
                    and decided.taken_value is not distinct from decided.local_value
                    and decided.taken_value is distinct from decided.remote_value
            ))
        order by names.key, made.outbox_id desc
    ) as before;
    if asked like 'cart%' then
        -- The store view is no matter of opinion.
        return shown || earlier || told || jsonb_build_object('store_id', target_row -> 'store_id');
    end if;
    return (
        select jsonb_object_agg(names.key, coalesce(
            told -> names.key, earlier -> names.key, shown -> names.key, 'null'::jsonb
        ))
        from jsonb_each(wants) as names
    );
end $$;

comment on function crm.change_seen(text, text, text, jsonb, jsonb, jsonb) is
'What the writer of a change saw, for crm.request_change; null: there is nothing to see.';
