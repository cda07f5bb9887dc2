-- grain: one row per channel and account with enough orders, none with a discount
-- time zone: dates are days in the channel's zone
-- currency: reporting currency of the channel, at each order's own rate
select buyers.*
from buyers
inner join refresh_scope as scope
    on buyers.account_key = scope.touched_key
where
    buyers.order_count >= :minimum_order_count
    and buyers.discounted_order_count = 0
