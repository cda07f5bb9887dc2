-- grain: one row per channel and account whose only order is a few days old
-- time zone: days are counted in the channel's zone
-- currency: reporting currency of the channel, at each order's own rate
select buyers.*
from buyers
where
    buyers.order_count = 1
    and buyers.last_order_date between buyers.today_date - :to_days and buyers.today_date - :from_days
