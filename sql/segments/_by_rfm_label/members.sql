-- grain: one row per channel and account that has the label
-- time zone: dates are days in the channel's zone
-- currency: reporting currency of the channel, at each order's own rate
select buyers.*
from buyers
inner join refresh_scope as scope
    on buyers.account_key = scope.touched_key
where buyers.rfm_label = :rfm_label
