-- grain: one row per channel, base currency, named buyers or not, month of first order and month of order
-- time zone: months are of days in the channel's zone
-- currency: base_currency_code; reporting_ amounts in reporting_currency_code, each order at its own rate
select
    orders.channel_code,
    orders.base_currency_code,
    orders.is_identified,
    orders.cohort_month_date,
    orders.order_month_date,
    count(*) filter (where orders.is_identified and orders.is_first_of_month) as customer_count,
    count(*) filter (where orders.is_identified and orders.order_number_of_buyer = 1) as new_customer_count,
    count(*) as order_count,
    sum(orders.gross_sales_amount) as gross_sales_amount,
    sum(orders.discount_amount) as discount_amount,
    sum(orders.revenue_amount) as revenue_amount,
    sum(orders.refunded_amount) as refunded_amount,
    orders.reporting_currency_code,
    count(*) filter (where orders.base_to_reporting_rate is null) as unconverted_order_count,
    coalesce(round(sum(orders.revenue_amount * orders.base_to_reporting_rate), 4), 0)
        as reporting_revenue_amount,
    coalesce(round(sum(orders.refunded_amount * orders.base_to_reporting_rate), 4), 0)
        as reporting_refunded_amount
from report.sales_orders as orders
inner join refresh_scope as scope
    on
        orders.channel_code = scope.channel_code
        and orders.cohort_month_date = scope.cohort_month_date
        and orders.order_month_date = scope.order_month_date
group by
    orders.channel_code,
    orders.base_currency_code,
    orders.is_identified,
    orders.cohort_month_date,
    orders.order_month_date,
    orders.reporting_currency_code
