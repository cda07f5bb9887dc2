-- grain: one row per channel and entity that ever ran
-- time zone: instants; complete_until by the store's clock, all others by ours
-- currency: none
create or replace view ops.sync_health as
with ledger as (
    select
        windows.channel_code,
        windows.entity,
        max(windows.finished_at) filter (where windows.state = 'done') as last_success_at,
        max(windows.finished_at) filter (where windows.state = 'failed') as last_failure_at,
        count(*) filter (where windows.state = 'failed') as failed_window_count,
        max(windows.error) filter (where windows.state = 'skipped') as skipped_reason
    from ops.windows as windows
    where not windows.is_dry_run
    group by windows.channel_code, windows.entity
),

waiting as (
    select
        quarantine.channel_code,
        quarantine.entity,
        count(*) as rejected_count
    from ops.quarantine as quarantine
    where quarantine.resolved_at is null
    group by quarantine.channel_code, quarantine.entity
),

orphans as (
    select
        absences.channel_code,
        absences.referring_entity as entity,
        count(*) as missing_parent_count
    from ops.absences as absences
    where absences.reason is distinct from 'outside_the_channel'
    group by absences.channel_code, absences.referring_entity
),

reconciled as (
    select
        reconciliations.channel_code,
        reconciliations.entity,
        min(reconciliations.checked_at) as reconciled_at,
        sum(
            reconciliations.missing_count + reconciliations.extra_count + reconciliations.differing_count
        ) as difference_count,
        sum(reconciliations.left_count) as difference_left_count
    from ops.reconciliations as reconciliations
    group by reconciliations.channel_code, reconciliations.entity
)

select
    frontiers.channel_code,
    frontiers.entity,
    complete_until.complete_until,
    now() - complete_until.complete_until as lag,
    ops.row_count(frontiers.entity, frontiers.channel_code) as row_count,
    coalesce(waiting.rejected_count, 0) as rejected_count,
    coalesce(ledger.failed_window_count, 0) as failed_window_count,
    last_failed.error as last_error,
    ledger.last_failure_at,
    ledger.last_success_at,
    coalesce(orphans.missing_parent_count, 0) as missing_parent_count,
    frontiers.trailed_at,
    frontiers.swept_at,
    reconciled.reconciled_at,
    reconciled.difference_count,
    reconciled.difference_left_count,
    ledger.skipped_reason
from ops.frontiers as frontiers
left join crm.complete_until as complete_until
    on frontiers.channel_code = complete_until.channel_code and frontiers.entity = complete_until.entity
left join ledger on frontiers.channel_code = ledger.channel_code and frontiers.entity = ledger.entity
left join waiting on frontiers.channel_code = waiting.channel_code and frontiers.entity = waiting.entity
left join orphans on frontiers.channel_code = orphans.channel_code and frontiers.entity = orphans.entity
left join reconciled
    on frontiers.channel_code = reconciled.channel_code and frontiers.entity = reconciled.entity
left join lateral (
    select windows.error
    from ops.windows as windows
    where
        windows.channel_code = frontiers.channel_code
        and windows.entity = frontiers.entity
        and windows.state = 'failed'
        and not windows.is_dry_run
    order by windows.finished_at desc nulls last
    limit 1
) as last_failed on true;

comment on view ops.sync_health is
'One row per channel and entity that ever ran: whether its data can be relied on, what to look at if not.';
comment on column ops.sync_health.channel_code is 'The channel.';
comment on column ops.sync_health.entity is 'The entity: stores, customers, orders, ...';
comment on column ops.sync_health.complete_until is
'Every dated change up to here (store''s clock) is loaded. NULL: the initial load is still under way.';
comment on column ops.sync_health.lag is
'How long ago that was, by our clock. NULL: the initial load is still under way.';
comment on column ops.sync_health.row_count is
'Rows of the entity''s first table that are not marked deleted; guests are rows of customers.';
comment on column ops.sync_health.rejected_count is 'Records that wait in ops.quarantine.';
comment on column ops.sync_health.failed_window_count is
'Windows that failed and were neither read again nor replaced yet.';
comment on column ops.sync_health.last_error is
'What the latest of these windows failed with. NULL: none has failed.';
comment on column ops.sync_health.last_failure_at is 'When it failed. NULL: none has.';
comment on column ops.sync_health.last_success_at is 'When a window was last loaded. NULL: never.';
comment on column ops.sync_health.missing_parent_count is
'Records that rows of the entity refer to and the warehouse lacks (ops.absences), other channels'' left out.';
comment on column ops.sync_health.trailed_at is
'When recent records were last read again whatever their dates say. NULL: never.';
comment on column ops.sync_health.swept_at is
'When the store''s ids were last compared to the end by maintain_sweep. NULL: never.';
comment on column ops.sync_health.reconciled_at is 'When maintain_reconcile last compared. NULL: never.';
comment on column ops.sync_health.difference_count is
'Differences it found that quarantine, websites and start date do not explain. NULL: it never compared.';
comment on column ops.sync_health.difference_left_count is
'Those still there after they were read again by id. NULL: it never compared.';
comment on column ops.sync_health.skipped_reason is
'Why the store cannot deliver the entity, so that nothing is read. NULL: it can.';
