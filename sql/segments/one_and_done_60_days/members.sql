-- grain: one row per channel and account with one order that is long ago
-- time zone: days are counted in the channel's zone
-- currency: reporting currency of the channel, at each order's own rate
select buyers.*
from buyers
where
    buyers.order_count = 1
    and buyers.last_order_date <= buyers.today_date - :silent_days
