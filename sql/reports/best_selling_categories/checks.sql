-- Each statement returns the rows that are wrong, most of them within the months computed anew.

-- fail: Categories with more pieces or gross sales in a month than all articles together.
with sold as (
    select
        sellers.channel_code,
        sellers.order_month_date,
        sellers.base_currency_code,
        sum(sellers.item_qty) as item_qty,
        sum(sellers.gross_sales_amount) as gross_sales_amount
    from report.best_sellers as sellers
    inner join refresh_scope as scope
        on
            sellers.channel_code = scope.channel_code
            and sellers.order_month_date = scope.order_month_date
    group by
        sellers.channel_code,
        sellers.order_month_date,
        sellers.base_currency_code
)

select
    categories.channel_code,
    categories.order_month_date,
    categories.category_key,
    categories.gross_sales_amount as reported_amount,
    sold.gross_sales_amount as sold_amount
from report.best_selling_categories as categories
inner join refresh_scope as scope
    on
        categories.channel_code = scope.channel_code
        and categories.order_month_date = scope.order_month_date
left join sold
    on
        categories.channel_code = sold.channel_code
        and categories.order_month_date = sold.order_month_date
        and coalesce(categories.base_currency_code, '') = coalesce(sold.base_currency_code, '')
where
    sold.channel_code is null
    or categories.item_qty > sold.item_qty
    or categories.gross_sales_amount > sold.gross_sales_amount;

-- warn: More than half of what was sold since the beginning is in no category.
select
    categories.channel_code,
    sum(categories.item_qty) as item_qty
from report.best_selling_categories as categories
where categories.category_level is null or categories.category_level = 1
group by categories.channel_code
having
    sum(categories.item_qty) filter (where categories.category_level is null)
    > 0.5 * sum(categories.item_qty);
