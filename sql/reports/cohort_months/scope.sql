-- Orders without a date are in no month, and told with an empty one.
select
    touched.channel_code,
    nullif(split_part(touched.touched_key, '|', 1), '')::date as cohort_month_date,
    nullif(split_part(touched.touched_key, '|', 2), '')::date as order_month_date
from touched
where
    split_part(touched.touched_key, '|', 1) <> ''
    and split_part(touched.touched_key, '|', 2) <> ''
