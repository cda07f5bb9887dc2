-- Each statement returns the rows that are wrong, within the channels that the refresh computed anew.

-- fail: Channels whose growth does not add up to those who are subscribed now.
with reported as (
    select
        growth.channel_code,
        sum(growth.net_count) as subscriber_count
    from report.newsletter_growth as growth
    inner join refresh_scope as scope
        on growth.channel_code = scope.channel_code
    group by growth.channel_code
),

counted as (
    select
        subscribers.channel_code,
        count(*) filter (
            where subscribers.status = 'subscribed' and subscribers.deleted_at is null
        ) as subscriber_count
    from crm.newsletter_subscribers as subscribers
    inner join refresh_scope as scope
        on subscribers.channel_code = scope.channel_code
    inner join ops.channels as channels
        on subscribers.channel_code = channels.channel_code
    where channels.is_active
    group by subscribers.channel_code
)

select
    counted.channel_code,
    reported.subscriber_count as reported_count,
    counted.subscriber_count as counted_count
from counted
left join reported
    on counted.channel_code = reported.channel_code
where coalesce(reported.subscriber_count, 0) <> counted.subscriber_count;

-- warn: More than half of those who joined have no date: the days say little of how the list grew.
select
    growth.channel_code,
    sum(growth.subscribed_count) as subscribed_count
from report.newsletter_growth as growth
inner join refresh_scope as scope
    on growth.channel_code = scope.channel_code
group by growth.channel_code
having
    sum(growth.subscribed_count) filter (where growth.growth_date is null)
    > 0.5 * sum(growth.subscribed_count);
