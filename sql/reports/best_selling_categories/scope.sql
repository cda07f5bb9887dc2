-- Months in which an article changed, or in which products sold that are in other categories now, or whose
-- categories moved: the old categories are not known any more, so all of a month's are computed together.
with products as (
    select touched.touched_key as product_key
    from touched
    where touched.subject = 'product'
    union
    select links.product_key
    from touched
    inner join crm.categories as moved
        on touched.touched_key = moved.category_key
    inner join crm.categories as below
        on
            moved.channel_code = below.channel_code
            and (below.path || '/') like (moved.path || '/%')
    inner join crm.product_categories as links
        on below.category_key = links.category_key
    where touched.subject = 'category'
)

select
    touched.channel_code,
    touched.touched_key::date as order_month_date
from touched
where
    touched.subject = 'best_sellers.month'
    and touched.touched_key <> ''
union
select
    sellers.channel_code,
    sellers.order_month_date
from report.best_sellers as sellers
inner join products
    on sellers.article_key = products.product_key
