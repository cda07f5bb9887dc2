-- Pairs in orders of which a line changed, old lines and new, and pairs in orders of months that fell out of
-- the time looked at. Order, month and article are told together: articles may have a bar in their name.
with changed as (
    select
        touched.channel_code,
        split_part(touched.touched_key, '|', 1) as order_key,
        regexp_replace(touched.touched_key, '^[^|]*[|][^|]*[|]', '') as article_key
    from touched
    union
    select
        sales_lines.channel_code,
        sales_lines.order_key,
        sales_lines.article_key
    from report.sales_lines as sales_lines
    where
        sales_lines.order_month_date
        >= date_trunc('month', :refreshed_at at time zone 'UTC')::date - make_interval(months => :months)
        and sales_lines.order_month_date
        < date_trunc('month', :now at time zone 'UTC')::date - make_interval(months => :months)
),

articles as (
    select
        changed.order_key,
        changed.article_key
    from changed
    union
    select
        sales_lines.order_key,
        sales_lines.article_key
    from changed
    inner join report.sales_lines as sales_lines
        on changed.order_key = sales_lines.order_key
)

select
    changed.channel_code,
    least(changed.article_key, articles.article_key) as first_article_key,
    greatest(changed.article_key, articles.article_key) as second_article_key
from changed
inner join articles
    on changed.order_key = articles.order_key
where changed.article_key <> articles.article_key
