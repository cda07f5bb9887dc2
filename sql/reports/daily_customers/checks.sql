-- Each statement returns the rows that are wrong.

-- fail: More new customers than customers.
select
    customers.channel_code,
    customers.sales_date,
    customers.base_currency_code,
    customers.period_kind
from report.daily_customers as customers
where customers.new_customer_count > customers.customer_count;

-- fail: Customers of the month under way counted twice or not at all.
with months as (
    select distinct
        scope.channel_code,
        date_trunc('month', scope.scope_date)::date as month_date
    from refresh_scope as scope
    where scope.scope_date >= date_trunc('month', (:now)::timestamptz)::date
),

reported as (
    select
        months.channel_code,
        months.month_date,
        customers.base_currency_code,
        sum(customers.customer_count) as customer_count
    from months
    inner join report.daily_customers as customers
        on
            months.channel_code = customers.channel_code
            and months.month_date <= customers.sales_date
            and customers.sales_date < months.month_date + interval '1 month'
    where customers.period_kind = 'month'
    group by
        months.channel_code,
        months.month_date,
        customers.base_currency_code
),

counted as (
    select
        months.channel_code,
        months.month_date,
        orders.base_currency_code,
        count(distinct orders.buyer_key) as customer_count
    from months
    inner join report.sales_orders as orders
        on
            months.channel_code = orders.channel_code
            and months.month_date <= orders.order_date
            and orders.order_date < months.month_date + interval '1 month'
    where orders.is_identified
    group by
        months.channel_code,
        months.month_date,
        orders.base_currency_code
)

select
    counted.channel_code,
    counted.month_date,
    counted.base_currency_code,
    counted.customer_count,
    reported.customer_count as reported_count
from counted
left join reported
    on
        counted.channel_code = reported.channel_code
        and counted.month_date = reported.month_date
        and counted.base_currency_code is not distinct from reported.base_currency_code
where counted.customer_count is distinct from reported.customer_count
