-- grain: one row per change of a store that is not made, or that nobody has given up yet
-- time zone: instants are UTC
-- currency: none
-- What a person looks at before deciding: what waits, what died, why, and which answers there are.
create or replace view crm.waiting_changes as
select
    entries.outbox_id,
    entries.channel_code,
    entries.kind,
    entries.target_key,
    entries.state,
    case entries.state
        when 'sending' then 'Nothing: it is being sent.'
        when 'unknown' then 'Nothing: it is looked up in the store by itself.'
        when 'conflict' then 'Say whose value it shall be: crm, store or drop.'
        else case
            when entries.state = 'pending' and entries.last_error is null
                then 'Nothing: it is sent by itself where two_way is on. To take it back: drop.'
            when entries.state = 'pending'
                then 'It is tried again by itself: mend the reason where that stays. To take it back: drop.'
            when overtaken.outbox_id is null then 'Mend the reason, then retry; or drop.'
            else format('Drop it: change %s of the same came later and would be undone.', overtaken.outbox_id)
        end
    end as next_step,
    entries.requested_by,
    entries.requested_at,
    entries.attempt_count,
    entries.next_attempt_at,
    entries.last_error,
    earlier.outbox_id as waits_for_outbox_id,
    conflicts.conflicts_json
from crm.outbox as entries
left join lateral (
    select min(older.outbox_id) as outbox_id
    from crm.outbox as older
    where
        entries.state in ('pending', 'unknown')
        and older.channel_code = entries.channel_code
        and older.record_key = entries.record_key
        and older.entity = entries.entity
        and older.outbox_id < entries.outbox_id
        and older.state in ('pending', 'sending', 'unknown', 'conflict')
) as earlier on true
left join lateral (
    select
        jsonb_object_agg(
            decided.field_name,
            jsonb_build_object(
                'saw', decided.base_value, 'wants', decided.local_value, 'holds', decided.remote_value
            )
        ) as conflicts_json
    from ops.write_back_log as decided
    where
        entries.state = 'conflict'
        and decided.outbox_id = entries.outbox_id
        and decided.reason = 'both changed it, somebody has to decide'
        -- What an attempt came upon last was noted in one transaction.
        and decided.decided_at = (
            select max(latest.decided_at)
            from ops.write_back_log as latest
            where latest.outbox_id = entries.outbox_id
        )
) as conflicts on true
left join lateral crm.overtaken_by(
    case when entries.state in ('rejected', 'dead') then entries.outbox_id end
) as overtaken (outbox_id) on true
where
    entries.state in ('pending', 'sending', 'unknown', 'conflict', 'rejected', 'dead')
    and entries.wanted_json is not null;

comment on view crm.waiting_changes is
'One row per change of a store that is not made, or that nobody has given up yet: what a person
decides about.';
comment on column crm.waiting_changes.outbox_id is
'Number of the entry of crm.outbox, which a decision names.';
comment on column crm.waiting_changes.channel_code is 'The channel whose store shall change.';
comment on column crm.waiting_changes.kind is 'What shall happen, as in crm.change_kinds.';
comment on column crm.waiting_changes.target_key is
'Key of what shall change. NULL: it is to be made, in the channel itself.';
comment on column crm.waiting_changes.state is
'pending, sending, unknown, conflict, rejected or dead, as in crm.outbox.';
comment on column crm.waiting_changes.next_step is
'What a person may do, in words; the answers are those of crm.decide_change and of write_back_decide.';
comment on column crm.waiting_changes.requested_by is 'Who asked, as they were named.';
comment on column crm.waiting_changes.requested_at is 'When it was asked for (UTC).';
comment on column crm.waiting_changes.attempt_count is 'How many times it was tried.';
comment on column crm.waiting_changes.next_attempt_at is
'Not to be tried before (UTC). NULL: at once, or not by itself.';
comment on column crm.waiting_changes.last_error is
'Why the last attempt did not do it. NULL: nothing went wrong.';
comment on column crm.waiting_changes.waits_for_outbox_id is
'The first change of the same record, which has to be over before this one is sent. NULL: it waits for none.';
comment on column crm.waiting_changes.conflicts_json is
'Of a conflict, by field: what the writer saw and wants, and what the store holds. NULL: it is no conflict.';
