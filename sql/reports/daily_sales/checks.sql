-- Each statement returns the rows that are wrong, most of them within what the refresh computed anew:
-- refresh_scope holds its days.

-- fail: Orders, revenue or grand total of a channel and currency differ from the orders that count.
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
        sum(orders.revenue_amount) as revenue_amount,
        sum(orders.grand_total_amount) as grand_total_amount
    from report.sales_orders as orders
    inner join refresh_scope as scope
        on
            orders.channel_code = scope.channel_code
            and orders.order_date = scope.scope_date
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
    coalesce(reported.order_count, 0) <> coalesce(counted.order_count, 0)
    or coalesce(reported.revenue_amount, 0) <> coalesce(counted.revenue_amount, 0)
    or coalesce(reported.grand_total_amount, 0) <> coalesce(counted.grand_total_amount, 0);

-- fail: Days with neither order nor refund, or with a negative number of pieces.
select
    sales.channel_code,
    sales.store_key,
    sales.sales_date,
    sales.base_currency_code,
    sales.order_count,
    sales.item_qty
from report.daily_sales as sales
where
    sales.order_count + sales.refund_count < 1
    or sales.item_qty < 0;

-- fail: Days with more customers than orders, or with fewer new and returning customers than customers.
select
    sales.channel_code,
    sales.store_key,
    sales.sales_date,
    sales.base_currency_code,
    sales.customer_count,
    sales.new_customer_count
from report.daily_sales as sales
where
    sales.customer_count > sales.order_count
    or sales.returning_customer_count < 0;

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
