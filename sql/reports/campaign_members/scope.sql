-- Stays whose first delivered export is new since the last refresh, and at most thirty days old. Two hours
-- more are looked at, for an export is noted some time after the instant that it bears.
with delivered as (
    select
        exports.segment_name,
        channels.channel_code,
        exports.exported_at as written_at,
        min(exports.delivered_at) as exported_at,
        lag(exports.exported_at) over (
            partition by exports.segment_name, channels.channel_code
            order by exports.exported_at
        ) as previous_written_at
    from marketing.exports as exports
    -- Before channels had files of their own, an export held all of them.
    inner join ops.channels as channels
        on exports.channel_code is null or exports.channel_code = channels.channel_code
    where exports.delivered_at is not null
    group by
        exports.segment_name,
        channels.channel_code,
        exports.exported_at
)

select
    members.channel_code,
    members.segment_name,
    members.member_key,
    delivered.exported_at
from delivered
inner join marketing.segment_members as members
    on
        delivered.segment_name = members.segment_name
        and delivered.channel_code = members.channel_code
        and delivered.written_at >= members.entered_at
        and (members.left_at is null or delivered.written_at < members.left_at)
        and (delivered.previous_written_at is null or delivered.previous_written_at < members.entered_at)
where delivered.exported_at > greatest(:refreshed_at, :now - interval '30 days') - interval '2 hours'
