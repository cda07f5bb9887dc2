-- grain: one row per channel and account overdue by its own rhythm
-- time zone: days are counted in the channel's zone
-- currency: reporting currency of the channel, at each order's own rate
select
    buyers.*,
    buyers.median_days_between_qty as usual_days_qty,
    buyers.last_order_date + round(buyers.median_days_between_qty)::integer as expected_order_date
from buyers
where
    buyers.order_count >= :minimum_order_count
    and buyers.median_days_between_qty >= 1
    and buyers.today_date - buyers.last_order_date > :factor * buyers.median_days_between_qty
