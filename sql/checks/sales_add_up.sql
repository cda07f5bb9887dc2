-- Orders, days and refunds are three views of the same sales.

-- fail: Days of a channel and currency do not add up to its orders: count, gross, discount or revenue differ.
with days as (
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
),

orders as (
    select
        channel_code,
        base_currency_code,
        count(*) as order_count,
        sum(gross_sales_amount) as gross_sales_amount,
        sum(discount_amount) as discount_amount,
        sum(revenue_amount) as revenue_amount
    from report.sales_orders
    where order_date is not null
    group by
        channel_code,
        base_currency_code
)

select
    coalesce(days.channel_code, orders.channel_code) as channel_code,
    coalesce(days.base_currency_code, orders.base_currency_code) as base_currency_code,
    days.order_count as order_count_of_days,
    orders.order_count as order_count_of_orders,
    days.gross_sales_amount as gross_sales_amount_of_days,
    orders.gross_sales_amount as gross_sales_amount_of_orders,
    days.revenue_amount as revenue_amount_of_days,
    orders.revenue_amount as revenue_amount_of_orders
from days
full outer join orders
    on
        days.channel_code = orders.channel_code
        and coalesce(days.base_currency_code, '') = coalesce(orders.base_currency_code, '')
where
    coalesce(days.order_count, 0) <> coalesce(orders.order_count, 0)
    or coalesce(days.gross_sales_amount, 0) <> coalesce(orders.gross_sales_amount, 0)
    or coalesce(days.discount_amount, 0) <> coalesce(orders.discount_amount, 0)
    or coalesce(days.revenue_amount, 0) <> coalesce(orders.revenue_amount, 0);

-- fail: Refunds of a channel and currency, by the day they were made and by order, are different sums.
with refunds as (
    select
        channel_code,
        base_currency_code,
        sum(refunded_amount) as refunded_amount
    from report.sales_refunds
    group by
        channel_code,
        base_currency_code
),

orders as (
    select
        channel_code,
        base_currency_code,
        sum(refunded_amount) as refunded_amount
    from report.sales_orders
    group by
        channel_code,
        base_currency_code
),

undated as (
    select
        channel_code,
        base_currency_code,
        sum(refunded_amount) as refunded_amount
    from report.sales_refunds
    where refund_date is null
    group by
        channel_code,
        base_currency_code
),

days as (
    select
        channel_code,
        base_currency_code,
        sum(refunds_amount) as refunded_amount
    from report.daily_sales
    group by
        channel_code,
        base_currency_code
)

select
    orders.channel_code,
    orders.base_currency_code,
    orders.refunded_amount as refunded_amount_of_orders,
    refunds.refunded_amount as refunded_amount_of_refunds,
    days.refunded_amount as refunded_amount_of_days
from orders
left join refunds
    on
        orders.channel_code = refunds.channel_code
        and coalesce(orders.base_currency_code, '') = coalesce(refunds.base_currency_code, '')
left join undated
    on
        orders.channel_code = undated.channel_code
        and coalesce(orders.base_currency_code, '') = coalesce(undated.base_currency_code, '')
left join days
    on
        orders.channel_code = days.channel_code
        and coalesce(orders.base_currency_code, '') = coalesce(days.base_currency_code, '')
where
    orders.refunded_amount <> coalesce(refunds.refunded_amount, 0)
    or orders.refunded_amount <> coalesce(days.refunded_amount, 0) + coalesce(undated.refunded_amount, 0);
