-- grain: one row per channel and account whose next order is due by its own rhythm
-- time zone: days are counted in the channel's zone
-- currency: reporting currency of the channel, at each order's own rate
with rhythms as (
    select
        buyers.*,
        buyers.median_days_between_qty as usual_days_qty,
        buyers.last_order_date + round(buyers.median_days_between_qty)::integer as expected_order_date
    from buyers
    where
        buyers.order_count >= :minimum_order_count
        and buyers.median_days_between_qty >= 1
)

select rhythms.*
from rhythms
where
    rhythms.expected_order_date
    between rhythms.today_date - :days_late and rhythms.today_date + :days_ahead
