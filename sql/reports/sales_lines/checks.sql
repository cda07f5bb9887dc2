-- Each statement returns the rows that are wrong, within the orders that the refresh computed anew.

-- fail: Orders whose lines here are not their gross sales: lines are missing, or too many.
with reported as (
    select
        sales_lines.order_key,
        sum(sales_lines.gross_sales_amount) as gross_sales_amount,
        sum(sales_lines.item_qty) as item_qty
    from report.sales_lines as sales_lines
    inner join refresh_scope as scope
        on sales_lines.order_key = scope.order_key
    group by sales_lines.order_key
),

counted as (
    select
        order_lines.order_key,
        sum(order_lines.base_row_total_amount) as gross_sales_amount,
        sum(order_lines.ordered_qty) as item_qty
    from crm.order_lines_that_count as order_lines
    inner join report.sales_orders as orders
        on order_lines.order_key = orders.order_key
    inner join refresh_scope as scope
        on order_lines.order_key = scope.order_key
    group by order_lines.order_key
)

select
    coalesce(reported.order_key, counted.order_key) as order_key,
    reported.gross_sales_amount as reported_amount,
    counted.gross_sales_amount as counted_amount
from reported
full outer join counted
    on reported.order_key = counted.order_key
where
    reported.gross_sales_amount is distinct from counted.gross_sales_amount
    or reported.item_qty is distinct from counted.item_qty;

-- fail: Lines in another base currency than their order: two currencies would be added.
select
    order_lines.order_item_key,
    order_lines.base_currency_code
from crm.order_lines_that_count as order_lines
inner join report.sales_orders as orders
    on order_lines.order_key = orders.order_key
inner join refresh_scope as scope
    on orders.order_key = scope.order_key
where order_lines.base_currency_code is distinct from orders.base_currency_code;

-- warn: Lines of which more pieces were given back than were ordered.
select
    sales_lines.order_item_key,
    sales_lines.item_qty,
    sales_lines.refunded_qty
from report.sales_lines as sales_lines
inner join refresh_scope as scope
    on sales_lines.order_key = scope.order_key
where sales_lines.refunded_qty > sales_lines.item_qty;
