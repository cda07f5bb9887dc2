-- Each statement returns the rows that are wrong.

-- fail: An active channel and entity that ever ran is missing.
select
    frontiers.channel_code,
    frontiers.entity
from ops.frontiers as frontiers
inner join ops.channels as channels
    on frontiers.channel_code = channels.channel_code
left join report.sync_health as health
    on
        frontiers.channel_code = health.channel_code
        and frontiers.entity = health.entity
where
    channels.is_active
    and health.entity is null;

-- warn: Entities whose windows fail.
select
    health.channel_code,
    health.entity,
    health.failed_window_count
from report.sync_health as health
where health.health_state = 'failing';

-- warn: Entities that are late.
select
    health.channel_code,
    health.entity,
    health.lag_minutes
from report.sync_health as health
where health.health_state = 'late';

-- warn: Differences from the store that reading again did not mend.
select
    health.channel_code,
    health.entity,
    health.difference_left_count
from report.sync_health as health
where health.difference_left_count > 0
