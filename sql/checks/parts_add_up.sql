-- Articles, reasons, regions, methods and coupons are parts of the same sales.

-- fail: Articles of a channel, currency and month do not add up to its days: gross sales or pieces.
with articles as (
    select
        channel_code,
        base_currency_code,
        date_trunc('month', order_month_date::timestamp)::date as month_date,
        sum(gross_sales_amount) as gross_sales_amount,
        sum(item_qty) as item_qty
    from report.best_sellers
    group by
        channel_code,
        base_currency_code,
        date_trunc('month', order_month_date::timestamp)
),

days as (
    select
        channel_code,
        base_currency_code,
        date_trunc('month', sales_date::timestamp)::date as month_date,
        sum(gross_sales_amount) as gross_sales_amount,
        sum(item_qty) as item_qty
    from report.daily_sales
    group by
        channel_code,
        base_currency_code,
        date_trunc('month', sales_date::timestamp)
)

select
    coalesce(articles.channel_code, days.channel_code) as channel_code,
    coalesce(articles.base_currency_code, days.base_currency_code) as base_currency_code,
    coalesce(articles.month_date, days.month_date) as month_date,
    articles.gross_sales_amount as gross_sales_amount_of_articles,
    days.gross_sales_amount as gross_sales_amount_of_days,
    articles.item_qty as item_qty_of_articles,
    days.item_qty as item_qty_of_days
from articles
full outer join days
    on
        articles.channel_code = days.channel_code
        and coalesce(articles.base_currency_code, '') = coalesce(days.base_currency_code, '')
        and articles.month_date = days.month_date
where
    coalesce(articles.gross_sales_amount, 0) <> coalesce(days.gross_sales_amount, 0)
    or coalesce(articles.item_qty, 0) <> coalesce(days.item_qty, 0);

-- fail: Reasons of refunds of a channel, currency and month do not add up to its days: of revenue or in all.
with reasons as (
    select
        channel_code,
        base_currency_code,
        date_trunc('month', refund_date::timestamp)::date as month_date,
        sum(case when is_revenue then refunded_amount else 0 end) as refunds_amount,
        sum(refunded_amount) as refunded_grand_total_amount
    from report.refunds
    group by
        channel_code,
        base_currency_code,
        date_trunc('month', refund_date::timestamp)
),

days as (
    select
        channel_code,
        base_currency_code,
        date_trunc('month', sales_date::timestamp)::date as month_date,
        sum(refunds_amount) as refunds_amount,
        sum(refunded_grand_total_amount) as refunded_grand_total_amount
    from report.daily_sales
    group by
        channel_code,
        base_currency_code,
        date_trunc('month', sales_date::timestamp)
)

select
    coalesce(reasons.channel_code, days.channel_code) as channel_code,
    coalesce(reasons.base_currency_code, days.base_currency_code) as base_currency_code,
    coalesce(reasons.month_date, days.month_date) as month_date,
    reasons.refunds_amount as refunds_amount_of_reasons,
    days.refunds_amount as refunds_amount_of_days,
    reasons.refunded_grand_total_amount as refunded_grand_total_amount_of_reasons,
    days.refunded_grand_total_amount as refunded_grand_total_amount_of_days
from reasons
full outer join days
    on
        reasons.channel_code = days.channel_code
        and coalesce(reasons.base_currency_code, '') = coalesce(days.base_currency_code, '')
        and reasons.month_date = days.month_date
where
    coalesce(reasons.refunds_amount, 0) <> coalesce(days.refunds_amount, 0)
    or coalesce(reasons.refunded_grand_total_amount, 0) <> coalesce(days.refunded_grand_total_amount, 0);

-- fail: Regions of a channel, currency and month do not add up to its days: orders, pieces or an amount.
with regions as (
    select
        channel_code,
        base_currency_code,
        date_trunc('month', sales_date::timestamp)::date as month_date,
        sum(order_count) as order_count,
        sum(item_qty) as item_qty,
        sum(revenue_amount) as revenue_amount,
        sum(refunded_of_orders_amount) as refunded_of_orders_amount,
        sum(shipping_amount) as shipping_amount,
        sum(tax_amount) as tax_amount,
        sum(grand_total_amount) as grand_total_amount
    from report.sales_by_region
    group by
        channel_code,
        base_currency_code,
        date_trunc('month', sales_date::timestamp)
),

days as (
    select
        channel_code,
        base_currency_code,
        date_trunc('month', sales_date::timestamp)::date as month_date,
        sum(order_count) as order_count,
        sum(item_qty) as item_qty,
        sum(revenue_amount) as revenue_amount,
        sum(refunded_of_orders_amount) as refunded_of_orders_amount,
        sum(shipping_amount) as shipping_amount,
        sum(tax_amount) as tax_amount,
        sum(grand_total_amount) as grand_total_amount
    from report.daily_sales
    group by
        channel_code,
        base_currency_code,
        date_trunc('month', sales_date::timestamp)
)

select
    coalesce(regions.channel_code, days.channel_code) as channel_code,
    coalesce(regions.base_currency_code, days.base_currency_code) as base_currency_code,
    coalesce(regions.month_date, days.month_date) as month_date,
    regions.order_count as order_count_of_regions,
    days.order_count as order_count_of_days,
    regions.item_qty as item_qty_of_regions,
    days.item_qty as item_qty_of_days,
    regions.revenue_amount as revenue_amount_of_regions,
    days.revenue_amount as revenue_amount_of_days,
    regions.refunded_of_orders_amount as refunded_of_orders_amount_of_regions,
    days.refunded_of_orders_amount as refunded_of_orders_amount_of_days,
    regions.shipping_amount as shipping_amount_of_regions,
    days.shipping_amount as shipping_amount_of_days,
    regions.tax_amount as tax_amount_of_regions,
    days.tax_amount as tax_amount_of_days,
    regions.grand_total_amount as grand_total_amount_of_regions,
    days.grand_total_amount as grand_total_amount_of_days
from regions
full outer join days
    on
        regions.channel_code = days.channel_code
        and coalesce(regions.base_currency_code, '') = coalesce(days.base_currency_code, '')
        and regions.month_date = days.month_date
where
    coalesce(regions.order_count, 0) <> coalesce(days.order_count, 0)
    or coalesce(regions.item_qty, 0) <> coalesce(days.item_qty, 0)
    or coalesce(regions.revenue_amount, 0) <> coalesce(days.revenue_amount, 0)
    or coalesce(regions.refunded_of_orders_amount, 0) <> coalesce(days.refunded_of_orders_amount, 0)
    or coalesce(regions.shipping_amount, 0) <> coalesce(days.shipping_amount, 0)
    or coalesce(regions.tax_amount, 0) <> coalesce(days.tax_amount, 0)
    or coalesce(regions.grand_total_amount, 0) <> coalesce(days.grand_total_amount, 0);

-- fail: Ways to pay and ship of a channel, currency and month do not add up to its days: orders or an amount.
with methods as (
    select
        channel_code,
        base_currency_code,
        date_trunc('month', sales_date::timestamp)::date as month_date,
        sum(order_count) as order_count,
        sum(revenue_amount) as revenue_amount,
        sum(refunded_of_orders_amount) as refunded_of_orders_amount,
        sum(shipping_amount) as shipping_amount,
        sum(grand_total_amount) as grand_total_amount
    from report.payment_and_shipping_methods
    group by
        channel_code,
        base_currency_code,
        date_trunc('month', sales_date::timestamp)
),

days as (
    select
        channel_code,
        base_currency_code,
        date_trunc('month', sales_date::timestamp)::date as month_date,
        sum(order_count) as order_count,
        sum(revenue_amount) as revenue_amount,
        sum(refunded_of_orders_amount) as refunded_of_orders_amount,
        sum(shipping_amount) as shipping_amount,
        sum(grand_total_amount) as grand_total_amount
    from report.daily_sales
    group by
        channel_code,
        base_currency_code,
        date_trunc('month', sales_date::timestamp)
)

select
    coalesce(methods.channel_code, days.channel_code) as channel_code,
    coalesce(methods.base_currency_code, days.base_currency_code) as base_currency_code,
    coalesce(methods.month_date, days.month_date) as month_date,
    methods.order_count as order_count_of_methods,
    days.order_count as order_count_of_days,
    methods.revenue_amount as revenue_amount_of_methods,
    days.revenue_amount as revenue_amount_of_days,
    methods.refunded_of_orders_amount as refunded_of_orders_amount_of_methods,
    days.refunded_of_orders_amount as refunded_of_orders_amount_of_days,
    methods.shipping_amount as shipping_amount_of_methods,
    days.shipping_amount as shipping_amount_of_days,
    methods.grand_total_amount as grand_total_amount_of_methods,
    days.grand_total_amount as grand_total_amount_of_days
from methods
full outer join days
    on
        methods.channel_code = days.channel_code
        and coalesce(methods.base_currency_code, '') = coalesce(days.base_currency_code, '')
        and methods.month_date = days.month_date
where
    coalesce(methods.order_count, 0) <> coalesce(days.order_count, 0)
    or coalesce(methods.revenue_amount, 0) <> coalesce(days.revenue_amount, 0)
    or coalesce(methods.refunded_of_orders_amount, 0) <> coalesce(days.refunded_of_orders_amount, 0)
    or coalesce(methods.shipping_amount, 0) <> coalesce(days.shipping_amount, 0)
    or coalesce(methods.grand_total_amount, 0) <> coalesce(days.grand_total_amount, 0);

-- fail: Coupons of a channel, currency and month do not add up to the orders with one: orders or an amount.
with coupons as (
    select
        channel_code,
        base_currency_code,
        date_trunc('month', order_month_date::timestamp)::date as month_date,
        sum(order_count) as order_count,
        sum(gross_sales_amount) as gross_sales_amount,
        sum(discount_amount) as discount_amount,
        sum(revenue_amount) as revenue_amount,
        sum(refunded_of_orders_amount) as refunded_of_orders_amount
    from report.coupon_performance
    group by
        channel_code,
        base_currency_code,
        date_trunc('month', order_month_date::timestamp)
),

orders as (
    select
        channel_code,
        base_currency_code,
        date_trunc('month', order_month_date::timestamp)::date as month_date,
        sum(1) as order_count,
        sum(gross_sales_amount) as gross_sales_amount,
        sum(discount_amount) as discount_amount,
        sum(revenue_amount) as revenue_amount,
        sum(refunded_amount) as refunded_of_orders_amount
    from report.sales_orders
    where coupon_code is not null and coupon_code <> '' and order_month_date is not null
    group by
        channel_code,
        base_currency_code,
        date_trunc('month', order_month_date::timestamp)
)

select
    coalesce(coupons.channel_code, orders.channel_code) as channel_code,
    coalesce(coupons.base_currency_code, orders.base_currency_code) as base_currency_code,
    coalesce(coupons.month_date, orders.month_date) as month_date,
    coupons.order_count as order_count_of_coupons,
    orders.order_count as order_count_of_orders,
    coupons.gross_sales_amount as gross_sales_amount_of_coupons,
    orders.gross_sales_amount as gross_sales_amount_of_orders,
    coupons.discount_amount as discount_amount_of_coupons,
    orders.discount_amount as discount_amount_of_orders,
    coupons.revenue_amount as revenue_amount_of_coupons,
    orders.revenue_amount as revenue_amount_of_orders,
    coupons.refunded_of_orders_amount as refunded_of_orders_amount_of_coupons,
    orders.refunded_of_orders_amount as refunded_of_orders_amount_of_orders
from coupons
full outer join orders
    on
        coupons.channel_code = orders.channel_code
        and coalesce(coupons.base_currency_code, '') = coalesce(orders.base_currency_code, '')
        and coupons.month_date = orders.month_date
where
    coalesce(coupons.order_count, 0) <> coalesce(orders.order_count, 0)
    or coalesce(coupons.gross_sales_amount, 0) <> coalesce(orders.gross_sales_amount, 0)
    or coalesce(coupons.discount_amount, 0) <> coalesce(orders.discount_amount, 0)
    or coalesce(coupons.revenue_amount, 0) <> coalesce(orders.revenue_amount, 0)
    or coalesce(coupons.refunded_of_orders_amount, 0) <> coalesce(orders.refunded_of_orders_amount, 0);
