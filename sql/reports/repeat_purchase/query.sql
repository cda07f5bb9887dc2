-- grain: one row per channel, number of the order among the buyer's and days waited for the next
-- time zone: ages are days in the channel's zone
-- currency: none
with gaps as (
    select
        days.channel_code,
        days.order_number,
        days.days_to_next,
        -- Younger orders may still be followed in time: counting them would make the share too small.
        sum(days.order_count) filter (where days.order_date < today.today_date - 30) as count_before_30,
        sum(days.order_count) filter (where days.order_date < today.today_date - 90) as count_before_90,
        sum(days.order_count) filter (where days.order_date < today.today_date - 180) as count_before_180,
        sum(days.order_count) filter (where days.order_date < today.today_date - 365) as count_before_365,
        sum(days.time_to_next_qty) filter (where days.order_date < today.today_date - 30) as qty_before_30,
        sum(days.time_to_next_qty) filter (where days.order_date < today.today_date - 90) as qty_before_90,
        sum(days.time_to_next_qty) filter (where days.order_date < today.today_date - 180) as qty_before_180,
        sum(days.time_to_next_qty) filter (where days.order_date < today.today_date - 365) as qty_before_365
    from report.repeat_purchase_days as days
    inner join ops.channels as channels
        on days.channel_code = channels.channel_code
    cross join
        lateral (values ((:now at time zone channels.timezone)::date)) as today (today_date)
    group by
        days.channel_code,
        days.order_number,
        days.days_to_next
),

waited as (
    select
        gaps.channel_code,
        gaps.order_number,
        spans.within_days,
        gaps.days_to_next,
        spans.order_count,
        spans.time_to_next_qty,
        coalesce(gaps.days_to_next <= spans.within_days, false) as is_followed
    from gaps
    cross join
        lateral (
            values
            (30, gaps.count_before_30, gaps.qty_before_30),
            (90, gaps.count_before_90, gaps.qty_before_90),
            (180, gaps.count_before_180, gaps.qty_before_180),
            (365, gaps.count_before_365, gaps.qty_before_365)
        ) as spans (within_days, order_count, time_to_next_qty)
    where spans.order_count > 0
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
