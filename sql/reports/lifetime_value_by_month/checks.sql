-- Each statement returns the rows that are wrong.

-- fail: Customers or lifetime value of the last month differ from the sum of all months.
with last_months as (
    select
        months.channel_code,
        max(months.month_date) as month_date
    from report.lifetime_value_by_month as months
    group by months.channel_code
),

bought as (
    select
        months.channel_code,
        sum(months.new_customer_count) as customer_count,
        sum(months.reporting_revenue_amount) as lifetime_amount
    from report.cohort_months as months
    where months.is_identified
    group by months.channel_code
)

select
    bought.channel_code,
    months.customer_count as reported_count,
    bought.customer_count as counted_count,
    months.lifetime_amount as reported_lifetime_amount,
    bought.lifetime_amount as counted_lifetime_amount
from bought
left join last_months
    on bought.channel_code = last_months.channel_code
left join report.lifetime_value_by_month as months
    on
        last_months.channel_code = months.channel_code
        and last_months.month_date = months.month_date
where
    months.customer_count is distinct from bought.customer_count
    or months.lifetime_amount is distinct from bought.lifetime_amount;

-- warn: Months in the future, from orders that the store dated wrongly.
select
    months.channel_code,
    months.month_date
from report.lifetime_value_by_month as months
inner join ops.channels as channels
    on months.channel_code = channels.channel_code
where months.month_date > (:now at time zone channels.timezone)::date;

-- warn: Channels with orders that have no rate to the reporting currency: amounts leave these out.
select
    months.channel_code,
    max(months.unconverted_order_count) as unconverted_order_count
from report.lifetime_value_by_month as months
group by months.channel_code
having max(months.unconverted_order_count) > 0;
