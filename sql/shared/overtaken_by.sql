-- grain: none; a number
-- time zone: none
-- currency: none
-- The first later entry of crm.outbox that was made, or is to be, and would be undone if this one were tried
-- again; null: none. Of fields that is one that names a field of it, of states any later one of the record.
create or replace function crm.overtaken_by(outbox_id bigint) returns bigint
language sql stable set search_path = pg_catalog, pg_temp as $$
    select min(later.outbox_id)
    from crm.outbox as old
    inner join crm.outbox as later
        on later.channel_code = old.channel_code and later.record_key = old.record_key
            and later.target_key = old.target_key and later.outbox_id > old.outbox_id
    where old.outbox_id = overtaken_by.outbox_id
        and later.state in ('pending', 'sending', 'unknown', 'conflict', 'done')
        and case
            when old.kind like '%\_update' or old.kind = 'cart_change' then later.kind = old.kind
                and crm.wanted_values(later.kind, later.wanted_json) ?| array(
                    select jsonb_object_keys(
                        crm.wanted_values(old.kind, crm.still_wanted(old.wanted_json, old.left_json))
                    )
                )
            when old.kind like 'newsletter\_%'
                then later.kind in ('newsletter_subscribe', 'newsletter_unsubscribe')
            when old.kind in ('order_hold', 'order_unhold', 'order_cancel')
                then later.kind in ('order_hold', 'order_unhold', 'order_cancel')
            else false
        end
$$;

comment on function crm.overtaken_by(bigint) is
'The first later entry of crm.outbox that would be undone if this one were tried again; null: none.';
