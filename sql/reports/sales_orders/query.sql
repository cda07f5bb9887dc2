-- grain: one row per order that counts
-- time zone: order_date is the day in the channel's zone; instants are UTC
-- currency: base currency of the order
with orders as (
    select orders_that_count.*
    from crm.orders_that_count
    inner join refresh_scope as scope
        on orders_that_count.order_key = scope.order_key
),

lines_of_orders as (
    select
        order_lines.order_key,
        sum(order_lines.ordered_qty) as item_qty,
        sum(order_lines.base_row_total_amount) as gross_sales_amount
    from crm.order_lines_that_count as order_lines
    inner join orders
        on order_lines.order_key = orders.order_key
    group by order_lines.order_key
),

refunds_of_orders as (
    select
        refunds.order_key,
        sum(refunds.base_refunded_revenue_amount) as refunded_amount
    from crm.refunds_that_count as refunds
    inner join orders
        on refunds.order_key = orders.order_key
    group by refunds.order_key
),

placed as (
    select
        orders.*,
        row_number() over buyers_orders as order_number_of_buyer,
        lag(orders.source_created_at) over buyers_orders as previous_ordered_at,
        lead(orders.source_created_at) over buyers_orders as next_ordered_at,
        min(orders.order_date) over buyers_orders as first_order_date,
        row_number() over in_currency = 1 as is_first,
        lag(orders.order_date) over in_currency as previous_date
    from orders
    window buyers_orders as (
        partition by orders.channel_code, orders.buyer_key
        order by orders.source_created_at, orders.order_key
    ),
    in_currency as (
        partition by orders.channel_code, orders.buyer_key, orders.base_currency_code
        order by orders.order_date, orders.source_created_at, orders.order_key
    )
),

final as (
    select
        placed.order_key,
        placed.channel_code,
        placed.store_key,
        placed.buyer_key,
        placed.customer_key is not null as is_identified,
        placed.source_created_at as ordered_at,
        placed.order_date,
        date_trunc('month', placed.order_date)::date as order_month_date,
        placed.first_order_date,
        date_trunc('month', placed.first_order_date)::date as cohort_month_date,
        placed.order_number_of_buyer,
        case when placed.order_date is not null then placed.previous_ordered_at end as previous_ordered_at,
        placed.next_ordered_at,
        placed.is_first
        or (placed.previous_date is distinct from placed.order_date) as is_first_of_day,
        placed.is_first
        or (
            date_trunc('week', placed.previous_date)
            is distinct from (date_trunc('week', placed.order_date))
        ) as is_first_of_week,
        placed.is_first
        or (
            date_trunc('month', placed.previous_date)
            is distinct from (date_trunc('month', placed.order_date))
        ) as is_first_of_month,
        placed.is_first
        or (
            date_trunc('quarter', placed.previous_date)
            is distinct from (date_trunc('quarter', placed.order_date))
        ) as is_first_of_quarter,
        placed.is_first
        or (
            date_trunc('year', placed.previous_date)
            is distinct from (date_trunc('year', placed.order_date))
        ) as is_first_of_year,
        -- The store finds coupons whatever the case and keeps what was typed.
        nullif(upper(btrim(orders.coupon_code)), '') as coupon_code,
        payments.payment_method,
        orders.shipping_method,
        placed.base_currency_code,
        coalesce(lines_of_orders.item_qty, 0) as item_qty,
        coalesce(lines_of_orders.gross_sales_amount, 0) as gross_sales_amount,
        placed.base_discount_amount as discount_amount,
        placed.base_revenue_amount as revenue_amount,
        placed.base_shipping_amount as shipping_amount,
        placed.base_tax_amount as tax_amount,
        placed.base_grand_total_amount as grand_total_amount,
        coalesce(refunds_of_orders.refunded_amount, 0) as refunded_amount,
        placed.reporting_currency_code,
        placed.base_to_reporting_rate
    from placed
    inner join crm.orders as orders
        on placed.order_key = orders.order_key
    left join lines_of_orders
        on placed.order_key = lines_of_orders.order_key
    left join refunds_of_orders
        on placed.order_key = refunds_of_orders.order_key
    left join crm.order_payments as payments
        on placed.order_key = payments.order_payment_key
)

select
    order_key,
    channel_code,
    store_key,
    buyer_key,
    is_identified,
    ordered_at,
    order_date,
    order_month_date,
    first_order_date,
    cohort_month_date,
    order_number_of_buyer,
    previous_ordered_at,
    next_ordered_at,
    is_first_of_day,
    is_first_of_week,
    is_first_of_month,
    is_first_of_quarter,
    is_first_of_year,
    coupon_code,
    payment_method,
    shipping_method,
    base_currency_code,
    item_qty,
    gross_sales_amount,
    discount_amount,
    revenue_amount,
    shipping_amount,
    tax_amount,
    grand_total_amount,
    refunded_amount,
    reporting_currency_code,
    base_to_reporting_rate
from final
