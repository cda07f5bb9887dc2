-- grain: one row per channel and account among those that brought in most
-- time zone: dates are days in the channel's zone
-- currency: reporting currency of the channel, at each order's own rate
with ranked as (
    select
        buyers.*,
        row_number() over (
            partition by buyers.channel_code
            order by buyers.lifetime_net_amount desc, buyers.account_key asc
        ) as place,
        count(*) over (partition by buyers.channel_code) as buyer_count
    from buyers
)

select ranked.*
from ranked
where
    ranked.place <= ceil(ranked.buyer_count * :top_pct / 100.0)
    and ranked.lifetime_net_amount > 0
