-- Each statement returns the rows that are wrong.

-- fail: Orders with a coupon are missing, or counted twice.
with reported as (
    select
        coupons.channel_code,
        coupons.coupon_code,
        coupons.order_month_date,
        sum(coupons.order_count) as order_count
    from report.coupon_performance as coupons
    inner join refresh_scope as scope
        on
            coupons.channel_code = scope.channel_code
            and coupons.coupon_code = scope.coupon_code
            and coupons.order_month_date = scope.order_month_date
    group by
        coupons.channel_code,
        coupons.coupon_code,
        coupons.order_month_date
),

counted as (
    select
        orders.channel_code,
        orders.coupon_code,
        orders.order_month_date,
        count(*) as order_count
    from report.sales_orders as orders
    inner join refresh_scope as scope
        on
            orders.channel_code = scope.channel_code
            and orders.coupon_code = scope.coupon_code
            and orders.order_month_date = scope.order_month_date
    group by
        orders.channel_code,
        orders.coupon_code,
        orders.order_month_date
)

select
    coalesce(reported.channel_code, counted.channel_code) as channel_code,
    coalesce(reported.coupon_code, counted.coupon_code) as coupon_code,
    coalesce(reported.order_month_date, counted.order_month_date) as order_month_date
from reported
full outer join counted
    on
        reported.channel_code = counted.channel_code
        and reported.coupon_code = counted.coupon_code
        and reported.order_month_date = counted.order_month_date
where reported.order_count is distinct from counted.order_count;

-- warn: Coupons that took off more than was sold.
select
    coupons.channel_code,
    coupons.coupon_code,
    coupons.order_month_date,
    coupons.base_currency_code
from report.coupon_performance as coupons
where coupons.discount_amount > coupons.gross_sales_amount + 0.01 * coupons.order_count
