-- grain: one row per channel and month, from the first with an order to this one; later ones only with orders
-- time zone: months are of days in the channel's zone
-- currency: reporting currency of the channel, each order at its own rate
with bought as (
    select
        months.channel_code,
        months.reporting_currency_code,
        months.order_month_date as month_date,
        sum(months.new_customer_count) as new_customer_count,
        sum(months.order_count) as order_count,
        sum(months.unconverted_order_count) as unconverted_order_count,
        sum(months.reporting_revenue_amount) as revenue_amount,
        sum(months.reporting_refunded_amount) as refunded_amount
    from report.cohort_months as months
    where months.is_identified
    group by
        months.channel_code,
        months.reporting_currency_code,
        months.order_month_date
),

channels as (
    select
        bought.channel_code,
        bought.reporting_currency_code,
        min(bought.month_date) as first_month_date,
        date_trunc('month', :now at time zone channels.timezone)::date as this_month_date
    from bought
    inner join ops.channels as channels
        on bought.channel_code = channels.channel_code
    group by
        bought.channel_code,
        bought.reporting_currency_code,
        channels.timezone
),

-- Months in which nobody ordered are rows, too, up to the current one; those after it only where an order is
-- dated in them, wrongly.
spans as (
    select
        channels.channel_code,
        channels.reporting_currency_code,
        series.month_start::date as month_date
    from channels
    cross join
        lateral generate_series(
            channels.first_month_date::timestamp, channels.this_month_date::timestamp, interval '1 month'
        ) as series (month_start)
    union
    select
        bought.channel_code,
        bought.reporting_currency_code,
        bought.month_date
    from bought
),

final as (
    select
        spans.channel_code,
        spans.reporting_currency_code,
        spans.month_date,
        sum(bought.new_customer_count) over until_then as customer_count,
        sum(bought.order_count) over until_then as order_count,
        sum(bought.unconverted_order_count) over until_then as unconverted_order_count,
        sum(bought.revenue_amount) over until_then as lifetime_amount,
        sum(bought.refunded_amount) over until_then as refunded_amount
    from spans
    left join bought
        on
            spans.channel_code = bought.channel_code
            and spans.month_date = bought.month_date
    window until_then as (
        partition by spans.channel_code
        order by spans.month_date
    )
)

select
    channel_code,
    month_date,
    reporting_currency_code,
    customer_count,
    order_count,
    unconverted_order_count,
    lifetime_amount,
    lifetime_amount - refunded_amount as lifetime_net_amount,
    round(lifetime_amount / nullif(customer_count, 0), 4) as average_lifetime_amount,
    round((lifetime_amount - refunded_amount) / nullif(customer_count, 0), 4) as average_lifetime_net_amount
from final
