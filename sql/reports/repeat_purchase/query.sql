-- grain: one row per channel, number of the order among the buyer's and days waited for the next
-- time zone: ages are days in the channel's zone
-- currency: none
with today as materialized (
    select
        channels.channel_code,
        (:now at time zone channels.timezone)::date as today_date
    from ops.channels as channels
),

-- Younger orders may still be followed in time: counting them would make the share too small.
aged as (
    select
        days.channel_code,
        days.order_number,
        days.days_to_next,
        case
            when days.order_date < today.today_date - 365 then 365
            when days.order_date < today.today_date - 180 then 180
            when days.order_date < today.today_date - 90 then 90
            else 30
        end as waited_days,
        -- Sums of integers are made in a third of the time.
        sum(days.order_count::integer) as order_count,
        sum(days.time_to_next_qty) as time_to_next_qty
    from report.repeat_purchase_days as days
    inner join today
        on
            days.channel_code = today.channel_code
            and days.order_date < today.today_date - 30
    group by
        days.channel_code,
        days.order_number,
        days.days_to_next,
        waited_days
),

waited as (
    select
        aged.channel_code,
        aged.order_number,
        spans.within_days,
        aged.days_to_next,
        coalesce(aged.days_to_next <= spans.within_days, false) as is_followed,
        sum(aged.order_count) as order_count,
        sum(aged.time_to_next_qty) as time_to_next_qty
    from aged
    inner join (values (30), (90), (180), (365)) as spans (within_days)
        on aged.waited_days >= spans.within_days
    group by
        aged.channel_code,
        aged.order_number,
        spans.within_days,
        aged.days_to_next
),

placed as (
    select
        waited.*,
        sum(waited.order_count) over (shared_wait order by waited.days_to_next) as count_up_to,
        sum(waited.order_count) over shared_wait as followed_count
    from waited
    window shared_wait as (
        partition by waited.channel_code, waited.order_number, waited.within_days, waited.is_followed
    )
)

select
    placed.channel_code,
    placed.order_number,
    placed.within_days,
    sum(placed.order_count) as order_count,
    coalesce(sum(placed.order_count) filter (where placed.is_followed), 0) as followed_count,
    round(
        100 * coalesce(sum(placed.order_count) filter (where placed.is_followed), 0)
        / sum(placed.order_count),
        4
    ) as repeat_pct,
    round(
        sum(placed.time_to_next_qty) filter (where placed.is_followed)
        / sum(placed.order_count) filter (where placed.is_followed),
        4
    ) as mean_days_to_next_qty,
    -- The two in the middle, which are one where their number is odd.
    (
        min(placed.days_to_next) filter (
            where placed.is_followed and 2 * placed.count_up_to >= placed.followed_count
        )
        + min(placed.days_to_next) filter (
            where placed.is_followed and 2 * placed.count_up_to > placed.followed_count
        )
    ) / 2.0 as median_days_to_next_qty
from placed
group by
    placed.channel_code,
    placed.order_number,
    placed.within_days
