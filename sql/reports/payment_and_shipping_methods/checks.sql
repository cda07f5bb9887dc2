-- Each statement returns the rows that are wrong, within the days that the refresh computed anew.

-- fail: Orders or grand total of a day differ from the orders that count.
with reported as (
    select
        methods.channel_code,
        methods.sales_date,
        methods.base_currency_code,
        sum(methods.order_count) as order_count,
        sum(methods.grand_total_amount) as grand_total_amount
    from report.payment_and_shipping_methods as methods
    inner join refresh_scope as scope
        on
            methods.channel_code = scope.channel_code
            and methods.sales_date = scope.scope_date
    group by
        methods.channel_code,
        methods.sales_date,
        methods.base_currency_code
),

counted as (
    select
        orders.channel_code,
        orders.order_date as sales_date,
        orders.base_currency_code,
        count(*) as order_count,
        sum(orders.grand_total_amount) as grand_total_amount
    from report.sales_orders as orders
    inner join refresh_scope as scope
        on
            orders.channel_code = scope.channel_code
            and orders.order_date = scope.scope_date
    group by
        orders.channel_code,
        orders.order_date,
        orders.base_currency_code
)

select
    coalesce(reported.channel_code, counted.channel_code) as channel_code,
    coalesce(reported.sales_date, counted.sales_date) as sales_date,
    coalesce(reported.base_currency_code, counted.base_currency_code) as base_currency_code
from reported
full outer join counted
    on
        reported.channel_code = counted.channel_code
        and reported.sales_date = counted.sales_date
        and coalesce(reported.base_currency_code, '') = coalesce(counted.base_currency_code, '')
where
    reported.order_count is distinct from counted.order_count
    or reported.grand_total_amount is distinct from counted.grand_total_amount;

-- warn: Orders of which it is not known how they were paid.
select
    methods.channel_code,
    methods.store_key,
    methods.sales_date,
    methods.order_count
from report.payment_and_shipping_methods as methods
inner join refresh_scope as scope
    on
        methods.channel_code = scope.channel_code
        and methods.sales_date = scope.scope_date
where methods.payment_method is null
