-- Each statement returns the rows that are wrong, within the months that the refresh computed anew.

-- fail: Orders of a month differ from the orders that count.
with reported as (
    select
        months.channel_code,
        months.order_month_date,
        sum(months.order_count) as order_count
    from report.cohort_months as months
    inner join refresh_scope as scope
        on
            months.channel_code = scope.channel_code
            and months.cohort_month_date = scope.cohort_month_date
            and months.order_month_date = scope.order_month_date
    group by
        months.channel_code,
        months.order_month_date
),

counted as (
    select
        orders.channel_code,
        orders.order_month_date,
        count(*) as order_count
    from report.sales_orders as orders
    inner join refresh_scope as scope
        on
            orders.channel_code = scope.channel_code
            and orders.cohort_month_date = scope.cohort_month_date
            and orders.order_month_date = scope.order_month_date
    group by
        orders.channel_code,
        orders.order_month_date
)

select
    coalesce(reported.channel_code, counted.channel_code) as channel_code,
    coalesce(reported.order_month_date, counted.order_month_date) as order_month_date,
    reported.order_count as reported_count,
    counted.order_count as counted_count
from reported
full outer join counted
    on
        reported.channel_code = counted.channel_code
        and reported.order_month_date = counted.order_month_date
where coalesce(reported.order_count, 0) <> coalesce(counted.order_count, 0);

-- fail: Months before the first order, or with more customers than orders.
select
    months.channel_code,
    months.base_currency_code,
    months.cohort_month_date,
    months.order_month_date
from report.cohort_months as months
where
    months.order_month_date < months.cohort_month_date
    or months.customer_count > months.order_count;

-- warn: Months with orders that have no rate to the reporting currency: reporting amounts leave these out.
select
    months.channel_code,
    months.base_currency_code,
    months.cohort_month_date,
    months.order_month_date,
    months.unconverted_order_count
from report.cohort_months as months
where months.unconverted_order_count > 0;
