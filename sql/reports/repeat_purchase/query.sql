-- grain: one row per channel, number of the order among the buyer's and days waited for the next
-- time zone: ages are days in the channel's zone
-- currency: none
with days as (
    select
        days.channel_code,
        days.order_number,
        spans.within_days,
        days.order_count,
        spans.followed_count,
        spans.days_qty
    from report.repeat_purchase_days as days
    inner join ops.channels as channels
        on days.channel_code = channels.channel_code
    cross join
        lateral (
            values
            (30, days.followed_within_30_count, days.days_within_30_qty),
            (90, days.followed_within_90_count, days.days_within_90_qty),
            (180, days.followed_within_180_count, days.days_within_180_qty),
            (365, days.followed_within_365_count, days.days_within_365_qty)
        ) as spans (within_days, followed_count, days_qty)
    -- Younger orders may still be followed in time: counting them would make the share too small.
    where days.order_date < (:now at time zone channels.timezone)::date - spans.within_days
)

select
    days.channel_code,
    days.order_number,
    days.within_days,
    sum(days.order_count) as order_count,
    sum(days.followed_count) as followed_count,
    round(100 * sum(days.followed_count) / sum(days.order_count), 4) as repeat_pct,
    round(sum(days.days_qty) / nullif(sum(days.followed_count), 0), 4) as mean_days_to_next_qty
from days
group by
    days.channel_code,
    days.order_number,
    days.within_days
