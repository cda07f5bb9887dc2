-- grain: one row per product and category it was put into, the lowest of each branch only
-- time zone: none
-- currency: none
with links as (
    select
        links.product_key,
        links.channel_code,
        links.category_key,
        categories.full_name as category_name,
        categories.path || '/' as path
    from refresh_scope as scope
    inner join crm.product_categories as links
        on scope.product_key = links.product_key
    inner join crm.categories as categories
        on links.category_key = categories.category_key
    where
        links.deleted_at is null
        and categories.deleted_at is null
        and categories.level >= 2
)

select
    links.product_key,
    links.channel_code,
    links.category_key,
    links.category_name
from links
where
    not exists (
        select lower_links.category_key
        from links as lower_links
        where
            lower_links.product_key = links.product_key
            and lower_links.category_key <> links.category_key
            and lower_links.path like links.path || '%'
    )
