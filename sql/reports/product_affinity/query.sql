-- grain: one row per channel and pair of articles, each in both orders
-- time zone: months and days are those of the channel's zone; the present month is the one in UTC
-- currency: none
with spans as (
    select
        date_trunc('month', :now at time zone 'UTC')::date
        - make_interval(months => max(product_pairs.month_count)::integer) as begins_on
    from report.product_pairs
),

orders as (
    select
        sales.channel_code,
        sum(sales.order_count) as order_count
    from report.daily_sales as sales
    inner join spans
        on sales.sales_date >= spans.begins_on
    group by sales.channel_code
),

articles as (
    select
        sellers.channel_code,
        sellers.article_key,
        (array_agg(sellers.product_name order by sellers.order_month_date desc))[1] as product_name,
        sum(sellers.order_count) as order_count
    from report.best_sellers as sellers
    inner join spans
        on sellers.order_month_date >= spans.begins_on
    group by
        sellers.channel_code,
        sellers.article_key
),

-- All orders are looked up pair by pair: as a join, the planner would expect few pairs to be left.
pairs as (
    select
        product_pairs.channel_code,
        product_pairs.first_article_key as article_key,
        product_pairs.second_article_key as other_article_key,
        product_pairs.order_count,
        (
            select orders.order_count
            from orders
            where orders.channel_code = product_pairs.channel_code
        ) as all_order_count
    from report.product_pairs
    union all
    select
        product_pairs.channel_code,
        product_pairs.second_article_key as article_key,
        product_pairs.first_article_key as other_article_key,
        product_pairs.order_count,
        (
            select orders.order_count
            from orders
            where orders.channel_code = product_pairs.channel_code
        ) as all_order_count
    from report.product_pairs
)

select
    pairs.channel_code,
    pairs.article_key,
    pairs.other_article_key,
    articles.product_name,
    others.product_name as other_product_name,
    pairs.order_count as pair_order_count,
    articles.order_count as article_order_count,
    others.order_count as other_order_count,
    pairs.all_order_count as order_count,
    pairs.order_count / pairs.all_order_count as support_rate,
    pairs.order_count / articles.order_count as confidence_rate,
    pairs.order_count * pairs.all_order_count / (articles.order_count * others.order_count) as lift_ratio
from pairs
inner join articles
    on
        pairs.channel_code = articles.channel_code
        and pairs.article_key = articles.article_key
inner join articles as others
    on
        pairs.channel_code = others.channel_code
        and pairs.other_article_key = others.article_key
