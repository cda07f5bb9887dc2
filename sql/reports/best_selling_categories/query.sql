-- grain: one row per channel, month, category and base currency; a product counts in every category it is in
-- time zone: order_month_date is the month in the channel's zone
-- currency: base currency of the orders, one per row
with memberships as (
    select distinct
        links.product_key,
        above.category_key
    from crm.product_categories as links
    inner join crm.products as products
        on links.product_key = products.product_key
    inner join crm.categories as categories
        on links.category_key = categories.category_key
    inner join crm.categories as above
        on
            categories.channel_code = above.channel_code
            and ('/' || categories.path || '/') like ('%/' || above.category_id || '/%')
    where
        links.deleted_at is null
        and categories.deleted_at is null
        and above.deleted_at is null
        and above.parent_category_key is not null
),

sold as (
    select sellers.*
    from report.best_sellers as sellers
    inner join refresh_scope as scope
        on
            sellers.channel_code = scope.channel_code
            and sellers.order_month_date = scope.order_month_date
)

select
    sold.channel_code,
    sold.order_month_date,
    memberships.category_key,
    sold.base_currency_code,
    max(categories.full_name) as category_name,
    max(categories.level) as category_level,
    count(*) as article_count,
    sum(sold.item_qty) as item_qty,
    sum(sold.gross_sales_amount) as gross_sales_amount,
    sum(sold.discount_amount) as discount_amount,
    sum(sold.refunded_qty) as refunded_qty,
    sum(sold.refunded_amount) as refunded_amount,
    sum(sold.net_sales_amount) as net_sales_amount
from sold
left join memberships
    on sold.product_key = memberships.product_key
left join crm.categories as categories
    on memberships.category_key = categories.category_key
group by
    sold.channel_code,
    sold.order_month_date,
    memberships.category_key,
    sold.base_currency_code
