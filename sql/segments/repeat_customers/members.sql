-- grain: one row per customer with enough orders that count
-- time zone: dates are days in the channel's zone
-- currency: reporting currency of the channel, at each order's own rate
with scope as (
    select * from refresh_scope
),

customers as (
    select customer_key
    from crm.customers
    where deleted_at is null
),

orders as (
    select
        orders_that_count.*,
        orders_that_count.base_revenue_amount
        * orders_that_count.base_to_reporting_rate as reporting_revenue_amount
    from crm.orders_that_count
    inner join scope
        on orders_that_count.customer_key = scope.touched_key
),

final as (
    select
        orders.customer_key,
        orders.reporting_currency_code,
        count(*) as order_count,
        min(orders.order_date) as first_order_date,
        max(orders.order_date) as last_order_date,
        -- A sum over the orders that have a rate would look like the whole and not be it.
        case
            when count(orders.reporting_revenue_amount) = count(*)
                then round(sum(orders.reporting_revenue_amount), 4)
        end as revenue_amount
    from orders
    inner join customers
        on orders.customer_key = customers.customer_key
    group by
        orders.customer_key,
        orders.reporting_currency_code
    having count(*) >= :minimum_order_count
)

select
    customer_key,
    order_count,
    first_order_date,
    last_order_date,
    revenue_amount,
    reporting_currency_code
from final
