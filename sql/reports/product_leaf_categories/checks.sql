-- Each statement returns the rows that are wrong, within the products that the refresh computed anew.

-- fail: Products in a category that is gone, or is the root of a store.
select
    leaves.product_key,
    leaves.category_key
from report.product_leaf_categories as leaves
inner join refresh_scope as scope
    on leaves.product_key = scope.product_key
left join crm.categories as categories
    on leaves.category_key = categories.category_key
where
    categories.category_key is null
    or categories.deleted_at is not null
    or categories.level < 2;

-- fail: Products in a category without being in it or in one below it.
select
    links.product_key,
    links.category_key
from refresh_scope as scope
inner join crm.product_categories as links
    on scope.product_key = links.product_key
inner join crm.categories as categories
    on links.category_key = categories.category_key
where
    links.deleted_at is null
    and categories.deleted_at is null
    and categories.level >= 2
    and not exists (
        select leaves.category_key
        from report.product_leaf_categories as leaves
        inner join crm.categories as lower_categories
            on leaves.category_key = lower_categories.category_key
        where
            leaves.product_key = links.product_key
            and (lower_categories.path || '/') like (categories.path || '/%')
    );
