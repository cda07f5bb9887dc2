-- Each statement returns the rows that are wrong, most of them within what the refresh computed anew.

-- fail: Articles whose pieces or gross sales of a month differ from the lines of report.sales_lines.
with reported as (
    select
        sellers.channel_code,
        sellers.order_month_date,
        sellers.article_key,
        sum(sellers.item_qty) as item_qty,
        sum(sellers.gross_sales_amount) as gross_sales_amount
    from report.best_sellers as sellers
    inner join refresh_scope as scope
        on
            sellers.channel_code = scope.channel_code
            and sellers.article_key = scope.article_key
            and sellers.order_month_date = scope.order_month_date
    group by
        sellers.channel_code,
        sellers.order_month_date,
        sellers.article_key
),

counted as (
    select
        sales_lines.channel_code,
        sales_lines.order_month_date,
        sales_lines.article_key,
        sum(sales_lines.item_qty) as item_qty,
        sum(sales_lines.gross_sales_amount) as gross_sales_amount
    from report.sales_lines as sales_lines
    inner join refresh_scope as scope
        on
            sales_lines.channel_code = scope.channel_code
            and sales_lines.article_key = scope.article_key
            and sales_lines.order_month_date = scope.order_month_date
    group by
        sales_lines.channel_code,
        sales_lines.order_month_date,
        sales_lines.article_key
)

select
    coalesce(reported.channel_code, counted.channel_code) as channel_code,
    coalesce(reported.order_month_date, counted.order_month_date) as order_month_date,
    coalesce(reported.article_key, counted.article_key) as article_key,
    reported.item_qty as reported_qty,
    counted.item_qty as counted_qty,
    reported.gross_sales_amount as reported_amount,
    counted.gross_sales_amount as counted_amount
from reported
full outer join counted
    on
        reported.channel_code = counted.channel_code
        and reported.order_month_date = counted.order_month_date
        and reported.article_key = counted.article_key
where
    reported.item_qty is distinct from counted.item_qty
    or reported.gross_sales_amount is distinct from counted.gross_sales_amount;

-- fail: Articles with more buyers than orders, or with more first buyers than buyers.
select
    sellers.channel_code,
    sellers.order_month_date,
    sellers.article_key,
    sellers.order_count,
    sellers.buyer_count,
    sellers.first_buyer_count
from report.best_sellers as sellers
inner join refresh_scope as scope
    on
        sellers.channel_code = scope.channel_code
        and sellers.article_key = scope.article_key
        and sellers.order_month_date = scope.order_month_date
where
    sellers.buyer_count > sellers.order_count
    or sellers.repeat_buyer_count < 0;

-- warn: Articles of which more was given back than was sold.
select
    sellers.channel_code,
    sellers.order_month_date,
    sellers.article_key,
    sellers.net_sales_amount
from report.best_sellers as sellers
inner join refresh_scope as scope
    on
        sellers.channel_code = scope.channel_code
        and sellers.article_key = scope.article_key
        and sellers.order_month_date = scope.order_month_date
where sellers.net_sales_amount < 0;
