-- grain: one row per channel and pair of articles that enough orders have together
-- time zone: months of orders are those of the channel's zone; the present one is the one in UTC
-- currency: none
select
    scope.channel_code,
    scope.first_article_key,
    scope.second_article_key,
    count(distinct firsts.order_key) as order_count,
    :months as month_count
from refresh_scope as scope
inner join report.sales_lines as firsts
    on
        scope.channel_code = firsts.channel_code
        and scope.first_article_key = firsts.article_key
inner join report.sales_lines as seconds
    on
        firsts.order_key = seconds.order_key
        and scope.second_article_key = seconds.article_key
where
    firsts.order_month_date
    >= date_trunc('month', :now at time zone 'UTC')::date - make_interval(months => :months)
group by
    scope.channel_code,
    scope.first_article_key,
    scope.second_article_key
having count(distinct firsts.order_key) >= :minimum_order_count
