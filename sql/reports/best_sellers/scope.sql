-- What was told is the month and the article; articles may have a bar in their name, months have none.
select
    touched.channel_code,
    split_part(touched.touched_key, '|', 1)::date as order_month_date,
    substr(touched.touched_key, strpos(touched.touched_key, '|') + 1) as article_key
from touched
where touched.touched_key not like '|%'
