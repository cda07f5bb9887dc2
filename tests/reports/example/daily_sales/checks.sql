-- Each statement returns the rows that are wrong, most of them within what the refresh computed anew:
-- refresh_scope holds its days, refresh_orders the orders made on them.

-- fail: Orders, revenue or grand total of a channel and currency differ from the orders in crm.
with reported as (
    select
        sales.channel_code,
        sales.base_currency_code,
        sum(sales.order_count) as order_count,
        sum(sales.revenue_amount) as revenue_amount,
        sum(sales.grand_total_amount) as grand_total_amount
    from report.daily_sales as sales
    inner join refresh_scope as scope
        on
            sales.channel_code = scope.channel_code
            and sales.sales_date = scope.scope_date
    group by
        sales.channel_code,
        sales.base_currency_code
),

counted as (
    select
        orders.channel_code,
        orders.base_currency_code,
        count(*) as order_count,
        sum(orders.base_revenue_amount) as revenue_amount,
        sum(orders.base_grand_total_amount) as grand_total_amount
    from crm.orders_that_count as orders
    inner join refresh_orders
        on orders.order_key = refresh_orders.order_key
    group by
        orders.channel_code,
        orders.base_currency_code
)

select
    coalesce(reported.channel_code, counted.channel_code) as channel_code,
    coalesce(reported.base_currency_code, counted.base_currency_code) as base_currency_code,
    reported.order_count as reported_count,
    counted.order_count as counted_count,
    reported.revenue_amount as reported_revenue_amount,
    counted.revenue_amount as counted_revenue_amount,
    reported.grand_total_amount as reported_grand_total_amount,
    counted.grand_total_amount as counted_grand_total_amount
from reported
full outer join counted
    on
        reported.channel_code = counted.channel_code
        and coalesce(reported.base_currency_code, '') = coalesce(counted.base_currency_code, '')
where
    reported.order_count is distinct from counted.order_count
    or reported.revenue_amount is distinct from counted.revenue_amount
    or reported.grand_total_amount is distinct from counted.grand_total_amount;

-- fail: Days with no order, or with a negative number of pieces.
select
    sales.channel_code,
    sales.store_key,
    sales.sales_date,
    sales.base_currency_code,
    sales.order_count,
    sales.item_qty
from report.daily_sales as sales
where
    sales.order_count < 1
    or sales.item_qty < 0;

-- fail: Lines in another base currency than their order: two currencies would be added.
select
    order_lines.order_item_key,
    order_lines.base_currency_code
from crm.order_lines_that_count as order_lines
inner join crm.orders_that_count as orders
    on order_lines.order_key = orders.order_key
inner join refresh_orders
    on orders.order_key = refresh_orders.order_key
where order_lines.base_currency_code is distinct from orders.base_currency_code;

-- warn: Orders that count but have no date, and so belong to no day.
select orders.order_key
from crm.orders_that_count as orders
where orders.source_created_at is null;

-- warn: Days whose orders came without a currency.
select
    sales.channel_code,
    sales.store_key,
    sales.sales_date
from report.daily_sales as sales
where sales.base_currency_code is null;

-- warn: Days on which gross sales less discount is not revenue: lines are missing or do not add up.
select
    sales.channel_code,
    sales.store_key,
    sales.sales_date,
    sales.base_currency_code,
    sales.gross_sales_amount - sales.discount_amount - sales.revenue_amount as difference_amount
from report.daily_sales as sales
inner join refresh_scope as scope
    on
        sales.channel_code = scope.channel_code
        and sales.sales_date = scope.scope_date
where abs(sales.gross_sales_amount - sales.discount_amount - sales.revenue_amount) > 0.01 * sales.order_count;

-- warn: Days in the future, from orders that the store dated wrongly.
select
    sales.channel_code,
    sales.store_key,
    sales.sales_date
from report.daily_sales as sales
inner join ops.channels as channels
    on sales.channel_code = channels.channel_code
where sales.sales_date > (:now at time zone channels.timezone)::date;
