-- grain: one row per channel, base currency, named buyers or not, cohort and number of the month in its life
-- time zone: months are of days in the channel's zone
-- currency: base currency of the orders, one per row
with sizes as (
    select
        months.channel_code,
        months.cohort_month_date,
        sum(months.new_customer_count) as cohort_customer_count
    from report.cohort_months as months
    where months.is_identified
    group by
        months.channel_code,
        months.cohort_month_date
),

this_month as (
    select
        channels.channel_code,
        date_trunc('month', :now at time zone channels.timezone)::date as month_date
    from ops.channels as channels
),

cohorts as (
    select distinct
        months.channel_code,
        months.base_currency_code,
        months.is_identified,
        months.cohort_month_date
    from report.cohort_months as months
),

-- Months in which nobody ordered are rows, too, up to the current one; those after it only where an order is
-- dated in them, wrongly. Who is not named never comes back.
lives as (
    select
        cohorts.channel_code,
        cohorts.base_currency_code,
        cohorts.is_identified,
        cohorts.cohort_month_date,
        series.month_start::date as order_month_date
    from cohorts
    inner join this_month
        on cohorts.channel_code = this_month.channel_code
    cross join
        lateral generate_series(
            cohorts.cohort_month_date::timestamp,
            case
                when cohorts.is_identified then greatest(this_month.month_date, cohorts.cohort_month_date)
                else cohorts.cohort_month_date
            end::timestamp,
            interval '1 month'
        ) as series (month_start)
    union
    select
        months.channel_code,
        months.base_currency_code,
        months.is_identified,
        months.cohort_month_date,
        months.order_month_date
    from report.cohort_months as months
),

final as (
    select
        lives.channel_code,
        lives.base_currency_code,
        lives.is_identified,
        lives.cohort_month_date,
        (
            (extract(year from lives.order_month_date) - extract(year from lives.cohort_month_date)) * 12
            + extract(month from lives.order_month_date) - extract(month from lives.cohort_month_date)
        )::integer as month_number,
        lives.order_month_date,
        case when lives.is_identified then sizes.cohort_customer_count else 0 end as cohort_customer_count,
        coalesce(months.customer_count, 0) as customer_count,
        coalesce(months.order_count, 0) as order_count,
        coalesce(months.gross_sales_amount, 0) as gross_sales_amount,
        coalesce(months.discount_amount, 0) as discount_amount,
        coalesce(months.revenue_amount, 0) as revenue_amount,
        coalesce(months.refunded_amount, 0) as refunded_amount,
        sum(months.order_count) over life_so_far as cumulative_order_count,
        sum(months.revenue_amount) over life_so_far as cumulative_revenue_amount,
        sum(months.refunded_amount) over life_so_far as cumulative_refunded_amount
    from lives
    left join sizes
        on
            lives.channel_code = sizes.channel_code
            and lives.cohort_month_date = sizes.cohort_month_date
    left join report.cohort_months as months
        on
            lives.channel_code = months.channel_code
            and lives.cohort_month_date = months.cohort_month_date
            and lives.order_month_date = months.order_month_date
            and lives.is_identified = months.is_identified
            and lives.base_currency_code is not distinct from months.base_currency_code
    window life_so_far as (
        partition by
            lives.channel_code,
            lives.base_currency_code,
            lives.is_identified,
            lives.cohort_month_date
        order by lives.order_month_date
    )
)

select
    channel_code,
    base_currency_code,
    is_identified,
    cohort_month_date,
    month_number,
    order_month_date,
    cohort_customer_count,
    customer_count,
    round(100.0 * customer_count / nullif(cohort_customer_count, 0), 4) as retention_pct,
    order_count,
    gross_sales_amount,
    discount_amount,
    revenue_amount,
    refunded_amount,
    coalesce(cumulative_order_count, 0) as cumulative_order_count,
    coalesce(cumulative_revenue_amount, 0) as cumulative_revenue_amount,
    coalesce(cumulative_revenue_amount - cumulative_refunded_amount, 0) as cumulative_revenue_net_amount,
    round(coalesce(cumulative_revenue_amount, 0) / nullif(cohort_customer_count, 0), 4)
        as cumulative_revenue_per_customer_amount
from final
