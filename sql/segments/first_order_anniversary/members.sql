-- grain: one row per channel and account whose first order was in this month of an earlier year
-- time zone: the month is that of the channel's zone
-- currency: reporting currency of the channel, at each order's own rate
with years as (
    select
        buyers.*,
        (
            extract(year from buyers.today_date) - extract(year from buyers.first_order_date)
        )::integer as year_count
    from buyers
)

select years.*
from years
where
    years.year_count >= 1
    and extract(month from years.first_order_date) = extract(month from years.today_date)
    and years.last_order_date > years.today_date - :within_days
