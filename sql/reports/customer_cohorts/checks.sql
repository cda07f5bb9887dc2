-- Each statement returns the rows that are wrong.

-- fail: Orders, gross sales or revenue of a channel and currency differ from the orders that have a date.
with cohorts as (
    select
        channel_code,
        base_currency_code,
        sum(order_count) as order_count,
        sum(gross_sales_amount) as gross_sales_amount,
        sum(revenue_amount) as revenue_amount
    from report.customer_cohorts
    group by
        channel_code,
        base_currency_code
),

months as (
    select
        channel_code,
        base_currency_code,
        sum(order_count) as order_count,
        sum(gross_sales_amount) as gross_sales_amount,
        sum(revenue_amount) as revenue_amount
    from report.cohort_months
    group by
        channel_code,
        base_currency_code
)

select
    coalesce(cohorts.channel_code, months.channel_code) as channel_code,
    coalesce(cohorts.base_currency_code, months.base_currency_code) as base_currency_code,
    cohorts.order_count as order_count_of_cohorts,
    months.order_count as order_count_of_months,
    cohorts.revenue_amount as revenue_amount_of_cohorts,
    months.revenue_amount as revenue_amount_of_months
from cohorts
full outer join months
    on
        cohorts.channel_code = months.channel_code
        and coalesce(cohorts.base_currency_code, '') = coalesce(months.base_currency_code, '')
where
    coalesce(cohorts.order_count, 0) <> coalesce(months.order_count, 0)
    or coalesce(cohorts.gross_sales_amount, 0) <> coalesce(months.gross_sales_amount, 0)
    or coalesce(cohorts.revenue_amount, 0) <> coalesce(months.revenue_amount, 0);

-- fail: Months in which more customers ordered than the cohort has.
select
    cohorts.channel_code,
    cohorts.base_currency_code,
    cohorts.cohort_month_date,
    cohorts.month_number
from report.customer_cohorts as cohorts
where cohorts.is_identified and cohorts.customer_count > cohorts.cohort_customer_count;

-- warn: Months in the future, from orders that the store dated wrongly.
select
    cohorts.channel_code,
    cohorts.base_currency_code,
    cohorts.cohort_month_date,
    cohorts.month_number
from report.customer_cohorts as cohorts
inner join ops.channels as channels
    on cohorts.channel_code = channels.channel_code
where cohorts.order_month_date > (:now at time zone channels.timezone)::date;
