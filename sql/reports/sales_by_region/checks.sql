-- Each statement returns the rows that are wrong, within the days that the refresh computed anew.

-- fail: Orders or revenue of a day differ from the orders that count.
with reported as (
    select
        regions.channel_code,
        regions.sales_date,
        regions.base_currency_code,
        sum(regions.order_count) as order_count,
        sum(regions.revenue_amount) as revenue_amount
    from report.sales_by_region as regions
    inner join refresh_scope as scope
        on
            regions.channel_code = scope.channel_code
            and regions.sales_date = scope.scope_date
    group by
        regions.channel_code,
        regions.sales_date,
        regions.base_currency_code
),

counted as (
    select
        orders.channel_code,
        orders.order_date as sales_date,
        orders.base_currency_code,
        count(*) as order_count,
        sum(orders.revenue_amount) as revenue_amount
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
    or reported.revenue_amount is distinct from counted.revenue_amount;

-- warn: Days of which orders go nowhere: they have no country.
select
    regions.channel_code,
    regions.sales_date,
    regions.order_count
from report.sales_by_region as regions
inner join refresh_scope as scope
    on
        regions.channel_code = scope.channel_code
        and regions.sales_date = scope.scope_date
where regions.country_code is null
