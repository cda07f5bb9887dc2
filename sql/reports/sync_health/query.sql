-- grain: one row per active channel and entity that ever ran
-- time zone: instants; complete_until_at by the store's clock, all others by ours
-- currency: none
with entities as (
    select
        health.*,
        -- Not the view's own lag: that is counted from when the transaction began.
        floor(extract(epoch from :now - health.complete_until) / 60)::bigint as lag_minutes
    from ops.sync_health as health
    inner join ops.channels as channels
        on health.channel_code = channels.channel_code
    where channels.is_active
)

select
    entities.channel_code,
    entities.entity,
    case
        when entities.skipped_reason is not null and entities.complete_until is null then 'skipped'
        when entities.failed_window_count > 0 then 'failing'
        when entities.complete_until is null then 'loading'
        when entities.lag_minutes > :late_after_minutes then 'late'
        when entities.rejected_count > 0 then 'rejecting'
        else 'healthy'
    end as health_state,
    entities.complete_until as complete_until_at,
    entities.lag_minutes,
    entities.row_count,
    entities.rejected_count,
    entities.failed_window_count,
    entities.last_error,
    entities.last_failure_at,
    entities.last_success_at,
    entities.missing_parent_count,
    entities.difference_left_count,
    entities.skipped_reason,
    (:now)::timestamptz as checked_at
from entities
