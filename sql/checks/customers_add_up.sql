-- Customers are the buyers of the same orders; buyers whom the store does not name are the rest.

-- fail: Customers of a channel and currency do not add up to its orders: counts, gross, discounts or values.
with customers as (
    select
        channel_code,
        currency_code,
        sum(order_count) as order_count,
        sum(gross_sales_amount) as gross_sales_amount,
        sum(discount_amount) as discount_amount,
        sum(lifetime_amount) as lifetime_amount,
        sum(refunded_amount) as refunded_amount
    from report.customer_value
    where not is_reporting_currency
    group by
        channel_code,
        currency_code
),

orders as (
    select
        channel_code,
        base_currency_code,
        count(*) as order_count,
        sum(gross_sales_amount) as gross_sales_amount,
        sum(discount_amount) as discount_amount,
        sum(revenue_amount) as revenue_amount,
        sum(refunded_amount) as refunded_amount
    from report.sales_orders
    where is_identified
    group by
        channel_code,
        base_currency_code
)

select
    coalesce(customers.channel_code, orders.channel_code) as channel_code,
    coalesce(customers.currency_code, orders.base_currency_code) as base_currency_code,
    customers.order_count as order_count_of_customers,
    orders.order_count as order_count_of_orders,
    customers.lifetime_amount as lifetime_amount_of_customers,
    orders.revenue_amount as revenue_amount_of_orders
from customers
full outer join orders
    on
        customers.channel_code = orders.channel_code
        and coalesce(customers.currency_code, '') = coalesce(orders.base_currency_code, '')
where
    coalesce(customers.order_count, 0) <> coalesce(orders.order_count, 0)
    or coalesce(customers.gross_sales_amount, 0) <> coalesce(orders.gross_sales_amount, 0)
    or coalesce(customers.discount_amount, 0) <> coalesce(orders.discount_amount, 0)
    or coalesce(customers.lifetime_amount, 0) <> coalesce(orders.revenue_amount, 0)
    or coalesce(customers.refunded_amount, 0) <> coalesce(orders.refunded_amount, 0);

-- fail: Cohorts of a channel and currency do not add up to its days: order count, gross, discount or revenue.
with cohorts as (
    select
        channel_code,
        base_currency_code,
        sum(order_count) as order_count,
        sum(gross_sales_amount) as gross_sales_amount,
        sum(discount_amount) as discount_amount,
        sum(revenue_amount) as revenue_amount
    from report.customer_cohorts
    group by
        channel_code,
        base_currency_code
),

days as (
    select
        channel_code,
        base_currency_code,
        sum(order_count) as order_count,
        sum(gross_sales_amount) as gross_sales_amount,
        sum(discount_amount) as discount_amount,
        sum(revenue_amount) as revenue_amount
    from report.daily_sales
    group by
        channel_code,
        base_currency_code
)

select
    coalesce(cohorts.channel_code, days.channel_code) as channel_code,
    coalesce(cohorts.base_currency_code, days.base_currency_code) as base_currency_code,
    cohorts.order_count as order_count_of_cohorts,
    days.order_count as order_count_of_days,
    cohorts.revenue_amount as revenue_amount_of_cohorts,
    days.revenue_amount as revenue_amount_of_days
from cohorts
full outer join days
    on
        cohorts.channel_code = days.channel_code
        and coalesce(cohorts.base_currency_code, '') = coalesce(days.base_currency_code, '')
where
    coalesce(cohorts.order_count, 0) <> coalesce(days.order_count, 0)
    or coalesce(cohorts.gross_sales_amount, 0) <> coalesce(days.gross_sales_amount, 0)
    or coalesce(cohorts.discount_amount, 0) <> coalesce(days.discount_amount, 0)
    or coalesce(cohorts.revenue_amount, 0) <> coalesce(days.revenue_amount, 0);

-- fail: Accounts, or the tenths of customers, do not add up to the customers in reporting currency.
with customers as (
    select
        currency_code,
        count(distinct buyer_key) as account_count,
        count(*) as customer_count,
        sum(lifetime_amount) as lifetime_amount
    from report.customer_value
    where is_reporting_currency
    group by currency_code
),

accounts as (
    select
        reporting_currency_code,
        count(*) as account_count,
        sum(lifetime_amount) as lifetime_amount
    from report.accounts_by_lifetime_value
    group by reporting_currency_code
),

tenths as (
    select
        reporting_currency_code,
        sum(customer_count) as customer_count,
        sum(lifetime_amount) as lifetime_amount
    from report.customer_concentration
    group by reporting_currency_code
)

select
    customers.currency_code,
    customers.lifetime_amount as lifetime_amount_of_customers,
    accounts.lifetime_amount as lifetime_amount_of_accounts,
    tenths.lifetime_amount as lifetime_amount_of_tenths
from customers
left join accounts
    on customers.currency_code = accounts.reporting_currency_code
left join tenths
    on customers.currency_code = tenths.reporting_currency_code
where
    accounts.account_count is distinct from customers.account_count
    or accounts.lifetime_amount is distinct from customers.lifetime_amount
    or tenths.customer_count is distinct from customers.customer_count
    or tenths.lifetime_amount is distinct from customers.lifetime_amount;
