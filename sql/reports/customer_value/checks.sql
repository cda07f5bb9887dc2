-- Each statement returns the rows that are wrong, within the buyers that the refresh computed anew.

-- fail: Orders or lifetime value of a channel and base currency differ from the orders of named buyers.
with reported as (
    select
        customers.channel_code,
        customers.currency_code,
        sum(customers.order_count) as order_count,
        sum(customers.lifetime_amount) as lifetime_amount
    from report.customer_value as customers
    inner join refresh_scope as scope
        on
            customers.channel_code = scope.channel_code
            and customers.buyer_key = scope.buyer_key
    where not customers.is_reporting_currency
    group by
        customers.channel_code,
        customers.currency_code
),

counted as (
    select
        orders.channel_code,
        orders.base_currency_code as currency_code,
        count(*) as order_count,
        sum(orders.revenue_amount) as lifetime_amount
    from report.sales_orders as orders
    inner join refresh_scope as scope
        on
            orders.channel_code = scope.channel_code
            and orders.buyer_key = scope.buyer_key
    where orders.is_identified
    group by
        orders.channel_code,
        orders.base_currency_code
)

select
    coalesce(reported.channel_code, counted.channel_code) as channel_code,
    coalesce(reported.currency_code, counted.currency_code) as currency_code,
    reported.order_count as reported_count,
    counted.order_count as counted_count,
    reported.lifetime_amount as reported_lifetime_amount,
    counted.lifetime_amount as counted_lifetime_amount
from reported
full outer join counted
    on
        reported.channel_code = counted.channel_code
        and coalesce(reported.currency_code, '') = coalesce(counted.currency_code, '')
where
    coalesce(reported.order_count, 0) <> coalesce(counted.order_count, 0)
    or coalesce(reported.lifetime_amount, 0) <> coalesce(counted.lifetime_amount, 0);

-- fail: Buyers whose row in reporting currency has not the orders of their rows in base currency.
select
    customers.channel_code,
    customers.buyer_key,
    sum(customers.order_count) filter (where customers.is_reporting_currency) as reporting_order_count,
    sum(customers.order_count) filter (where not customers.is_reporting_currency) as base_order_count
from report.customer_value as customers
inner join refresh_scope as scope
    on
        customers.channel_code = scope.channel_code
        and customers.buyer_key = scope.buyer_key
group by
    customers.channel_code,
    customers.buyer_key
having
    sum(customers.order_count) filter (where customers.is_reporting_currency)
    is distinct from sum(customers.order_count) filter (where not customers.is_reporting_currency);

-- fail: Rows in reporting currency without a label: the bands or the labels have a gap.
select
    customers.channel_code,
    customers.buyer_key,
    customers.recency_score,
    customers.frequency_score,
    customers.monetary_score
from report.customer_value as customers
inner join refresh_scope as scope
    on
        customers.channel_code = scope.channel_code
        and customers.buyer_key = scope.buyer_key
where customers.is_reporting_currency and customers.rfm_label is null;

-- warn: Buyers with orders that have no rate to the reporting currency: their amounts leave these out.
select
    customers.channel_code,
    customers.buyer_key,
    customers.unconverted_order_count
from report.customer_value as customers
inner join refresh_scope as scope
    on
        customers.channel_code = scope.channel_code
        and customers.buyer_key = scope.buyer_key
where customers.unconverted_order_count > 0;
