-- Products that changed, and those in or below categories that did.
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
