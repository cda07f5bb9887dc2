-- Told as `<segment>|<day>`.
select
    touched.channel_code,
    split_part(touched.touched_key, '|', 1) as segment_name,
    split_part(touched.touched_key, '|', 2)::date as export_date
from touched
