-- grain: one row per channel, store and day on which somebody joined or left; one without a day
-- time zone: growth_date is the day in the channel's zone
-- currency: none
with subscribers as (
    select
        newsletter_subscribers.*,
        channels.timezone,
        -- Who was there when the warehouse began has been there for nobody knows how long.
        min(newsletter_subscribers.first_seen_at) over (
            partition by newsletter_subscribers.channel_code
        ) + interval '1 day' as began_until
    from crm.newsletter_subscribers
    inner join refresh_scope as scope
        on newsletter_subscribers.channel_code = scope.channel_code
    inner join ops.channels as channels
        on newsletter_subscribers.channel_code = channels.channel_code
    where channels.is_active
),

-- Being gone from the store is a state, too, the last one.
versions as (
    select
        history.newsletter_subscriber_key,
        history.status,
        history.valid_from,
        1 as place
    from crm.newsletter_subscribers_history as history
    inner join subscribers
        on history.newsletter_subscriber_key = subscribers.newsletter_subscriber_key
    union all
    select
        subscribers.newsletter_subscriber_key,
        subscribers.status,
        coalesce(
            (
                select max(history.valid_to)
                from crm.newsletter_subscribers_history as history
                where history.newsletter_subscriber_key = subscribers.newsletter_subscriber_key
            ),
            subscribers.first_seen_at
        ) as valid_from,
        2 as place
    from subscribers
    union all
    select
        subscribers.newsletter_subscriber_key,
        'gone' as status,
        subscribers.deleted_at as valid_from,
        3 as place
    from subscribers
    where subscribers.deleted_at is not null
),

compared as (
    select
        versions.*,
        row_number() over states = 1 as is_first,
        lag(versions.status) over states as previous_status
    from versions
    window states as (
        partition by versions.newsletter_subscriber_key
        order by versions.valid_from, versions.place
    )
),

changed as (
    select
        compared.*,
        lead(compared.place) over (
            partition by compared.newsletter_subscriber_key
            order by compared.valid_from, compared.place
        ) as next_place
    from compared
    where compared.is_first or compared.status is distinct from compared.previous_status
),

-- What the store says of the present state dates it, though another address may have come after it.
dated as (
    select
        changed.status,
        changed.previous_status,
        changed.is_first,
        case
            when changed.place = 3 then changed.valid_from
            when coalesce(changed.next_place, 3) = 3 and changed.is_first then subscribers.source_updated_at
            when coalesce(changed.next_place, 3) = 3
                then least(subscribers.source_updated_at, changed.valid_from)
            when not changed.is_first or changed.valid_from >= subscribers.began_until
                then changed.valid_from
        end as changed_at,
        subscribers.channel_code,
        subscribers.store_key,
        subscribers.timezone
    from changed
    inner join subscribers
        on changed.newsletter_subscriber_key = subscribers.newsletter_subscriber_key
),

moves as (
    select
        dated.channel_code,
        dated.store_key,
        (dated.changed_at at time zone dated.timezone)::date as growth_date,
        case when dated.status = 'subscribed' then 1 else 0 end as subscribed_count,
        case when dated.status = 'subscribed' then 0 else 1 end as unsubscribed_count
    from dated
    where
        dated.status = 'subscribed'
        or dated.previous_status = 'subscribed'
        or (dated.is_first and dated.status = 'unsubscribed')
    union all
    -- Who had left already when first seen was a subscriber before, since nobody knows when.
    select
        dated.channel_code,
        dated.store_key,
        null as growth_date,
        1 as subscribed_count,
        0 as unsubscribed_count
    from dated
    where dated.is_first and dated.status = 'unsubscribed'
),

days as (
    select
        moves.channel_code,
        moves.store_key,
        moves.growth_date,
        sum(moves.subscribed_count) as subscribed_count,
        sum(moves.unsubscribed_count) as unsubscribed_count
    from moves
    group by
        moves.channel_code,
        moves.store_key,
        moves.growth_date
)

select
    days.channel_code,
    days.store_key,
    days.growth_date,
    days.subscribed_count,
    days.unsubscribed_count,
    days.subscribed_count - days.unsubscribed_count as net_count,
    sum(days.subscribed_count - days.unsubscribed_count) over (
        partition by days.channel_code, days.store_key
        order by days.growth_date nulls first
    ) as base_count
from days
