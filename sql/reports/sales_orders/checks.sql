-- Each statement returns the rows that are wrong, within the orders that the refresh computed anew.

-- fail: Orders of crm that count and are missing here, or count here and not there.
with reported as (
    select sales.order_key
    from report.sales_orders as sales
    inner join refresh_scope as scope
        on sales.order_key = scope.order_key
),

counted as (
    select orders.order_key
    from crm.orders_that_count as orders
    inner join refresh_scope as scope
        on orders.order_key = scope.order_key
)

select coalesce(reported.order_key, counted.order_key) as order_key
from reported
full outer join counted
    on reported.order_key = counted.order_key
where reported.order_key is null or counted.order_key is null;

-- fail: Lines in another base currency than their order: two currencies would be added.
select
    order_lines.order_item_key,
    order_lines.base_currency_code
from crm.order_lines_that_count as order_lines
inner join crm.orders_that_count as orders
    on order_lines.order_key = orders.order_key
inner join refresh_scope as scope
    on orders.order_key = scope.order_key
where order_lines.base_currency_code is distinct from orders.base_currency_code;

-- fail: Buyers with two first orders in a channel.
select
    sales.channel_code,
    sales.buyer_key,
    count(*) as first_order_count
from report.sales_orders as sales
inner join refresh_scope as scope
    on sales.order_key = scope.order_key
where sales.order_number_of_buyer = 1
group by
    sales.channel_code,
    sales.buyer_key
having count(*) > 1;

-- warn: Orders that count but have no date, and so belong to no day.
select sales.order_key
from report.sales_orders as sales
inner join refresh_scope as scope
    on sales.order_key = scope.order_key
where sales.order_date is null;

-- warn: Orders without a currency.
select sales.order_key
from report.sales_orders as sales
inner join refresh_scope as scope
    on sales.order_key = scope.order_key
where sales.base_currency_code is null;

-- warn: Orders whose lines less discount are not their revenue: lines are missing or do not add up.
select
    sales.order_key,
    sales.gross_sales_amount - sales.discount_amount - sales.revenue_amount as difference_amount
from report.sales_orders as sales
inner join refresh_scope as scope
    on sales.order_key = scope.order_key
where abs(sales.gross_sales_amount - sales.discount_amount - sales.revenue_amount) > 0.01;

-- warn: Orders without a rate to the reporting currency: sums across currencies leave them out.
select sales.order_key
from report.sales_orders as sales
inner join refresh_scope as scope
    on sales.order_key = scope.order_key
where sales.base_to_reporting_rate is null;

-- warn: First orders of buyers who registered before the first day synced: they may have ordered before.
select sales.order_key
from report.sales_orders as sales
inner join refresh_scope as scope
    on sales.order_key = scope.order_key
inner join crm.orders as orders
    on sales.order_key = orders.order_key
inner join crm.customers as customers
    on orders.customer_key = customers.customer_key
inner join ops.channels as channels
    on sales.channel_code = channels.channel_code
inner join ops.frontiers as frontiers
    on
        sales.channel_code = frontiers.channel_code
        and frontiers.entity = 'orders'
where
    sales.order_number_of_buyer = 1
    and customers.source_created_at
    < (frontiers.settings_json ->> 'since')::timestamp at time zone channels.timezone;
