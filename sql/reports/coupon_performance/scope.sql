-- Told as `<month>|<code>`; a code may hold anything, so it is what comes after the month.
select
    touched.channel_code,
    substr(touched.touched_key, 12) as coupon_code,
    left(touched.touched_key, 10)::date as order_month_date
from touched
where
    touched.touched_key not like '|%'
    and touched.touched_key not like '__________|'
