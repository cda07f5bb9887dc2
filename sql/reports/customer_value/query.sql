-- grain: one row per channel, buyer and base currency, and one in the channel's reporting currency
-- time zone: dates, and the days that scores count, are days in the channel's zone
-- currency: currency_code; where is_reporting_currency, each order at its own rate
with orders as (
    select
        orders.channel_code,
        orders.buyer_key,
        sides.is_reporting_currency,
        sides.currency_code,
        sides.rate,
        orders.order_date,
        orders.first_order_date,
        orders.gross_sales_amount,
        orders.discount_amount,
        orders.revenue_amount,
        orders.refunded_amount,
        -- Orders of any currency follow each other, so days between them belong to the row that has them all.
        case
            when sides.is_reporting_currency
                then extract(epoch from orders.ordered_at - orders.previous_ordered_at) / 86400
        end as days_between,
        (:now at time zone channels.timezone)::date - orders.order_date as age_days
    from report.sales_orders as orders
    inner join refresh_scope as scope
        on
            orders.channel_code = scope.channel_code
            and orders.buyer_key = scope.buyer_key
    inner join ops.channels as channels
        on orders.channel_code = channels.channel_code
    cross join
        lateral (
            values
            (orders.base_currency_code, false, 1),
            (orders.reporting_currency_code, true, orders.base_to_reporting_rate)
        ) as sides (currency_code, is_reporting_currency, rate)
    where orders.is_identified
),

windows as (
    select max(bands.window_days) as window_days
    from crm.rfm_bands as bands
),

totals as (
    select
        orders.channel_code,
        orders.buyer_key,
        orders.is_reporting_currency,
        orders.currency_code,
        min(orders.order_date) as first_order_date,
        max(orders.order_date) as last_order_date,
        min(orders.age_days) as recency_days,
        count(*) as order_count,
        count(*) filter (where orders.rate is null) as unconverted_order_count,
        count(*) filter (where orders.discount_amount <> 0) as discounted_order_count,
        coalesce(round(sum(orders.gross_sales_amount * orders.rate), 4), 0) as gross_sales_amount,
        coalesce(round(sum(orders.discount_amount * orders.rate), 4), 0) as discount_amount,
        coalesce(round(sum(orders.refunded_amount * orders.rate), 4), 0) as refunded_amount,
        coalesce(round(sum(orders.revenue_amount * orders.rate), 4), 0) as lifetime_amount,
        coalesce(round(sum((orders.revenue_amount - orders.refunded_amount) * orders.rate), 4), 0)
            as lifetime_net_amount,
        coalesce(sum(orders.revenue_amount * orders.rate) filter (where orders.discount_amount <> 0), 0)
            as discounted_lifetime_amount,
        coalesce(
            round(
                sum(orders.revenue_amount * orders.rate) filter (
                    where orders.order_date < orders.first_order_date + 30
                ),
                4
            ),
            0
        ) as first_30_days_amount,
        avg(orders.days_between) as mean_days,
        percentile_cont(0.5) within group (order by orders.days_between) as median_days,
        count(*) filter (where orders.age_days <= windows.window_days) as recent_order_count,
        sum(orders.revenue_amount * orders.rate) filter (where orders.age_days <= windows.window_days)
            as recent_amount
    from orders
    cross join windows
    group by
        orders.channel_code,
        orders.buyer_key,
        orders.is_reporting_currency,
        orders.currency_code
),

measured as (
    select
        totals.*,
        totals.lifetime_amount + totals.discount_amount as subtotal_amount,
        totals.order_count - totals.unconverted_order_count as converted_order_count,
        coalesce(round(totals.recent_amount, 4), 0) as recent_lifetime_amount
    from totals
),

final as (
    select
        measured.*,
        recency.score as recency_score,
        frequency.score as frequency_score,
        monetary.score as monetary_score,
        labels.rfm_label,
        favourites.category_key as favourite_category_key,
        favourites.category_name as favourite_category_name
    from measured
    left join report.favourite_categories as favourites
        on
            measured.is_reporting_currency
            and measured.channel_code = favourites.channel_code
            and measured.buyer_key = favourites.buyer_key
    -- Who has no order with a date ordered longer ago than any band reaches.
    left join crm.rfm_bands as recency
        on
            measured.is_reporting_currency
            and measured.channel_code = recency.channel_code
            and recency.measure = 'recency'
            and coalesce(measured.recency_days > recency.over_value, true)
            and (recency.up_to_value is null or measured.recency_days <= recency.up_to_value)
    left join crm.rfm_bands as frequency
        on
            measured.is_reporting_currency
            and measured.channel_code = frequency.channel_code
            and frequency.measure = 'frequency'
            and (frequency.over_value is null or measured.recent_order_count > frequency.over_value)
            and (frequency.up_to_value is null or measured.recent_order_count <= frequency.up_to_value)
    left join crm.rfm_bands as monetary
        on
            measured.is_reporting_currency
            and measured.channel_code = monetary.channel_code
            and monetary.measure = 'monetary'
            and (monetary.over_value is null or measured.recent_lifetime_amount > monetary.over_value)
            and (monetary.up_to_value is null or measured.recent_lifetime_amount <= monetary.up_to_value)
    left join crm.rfm_labels as labels
        on
            recency.label_score = labels.recency_score
            and frequency.label_score = labels.frequency_score
            and monetary.label_score = labels.monetary_score
)

select
    channel_code,
    buyer_key,
    is_reporting_currency,
    currency_code,
    first_order_date,
    last_order_date,
    order_count,
    unconverted_order_count,
    discounted_order_count,
    gross_sales_amount,
    discount_amount,
    refunded_amount,
    gross_sales_amount - discount_amount - refunded_amount as net_sales_amount,
    lifetime_amount,
    lifetime_net_amount,
    first_30_days_amount,
    round(lifetime_amount / nullif(converted_order_count, 0), 4) as average_order_value_amount,
    round(100 * discount_amount / nullif(subtotal_amount, 0), 4) as discount_pct,
    round(100 * discounted_lifetime_amount / nullif(lifetime_amount, 0), 4) as discounted_lifetime_pct,
    round(mean_days, 4) as mean_days_between_qty,
    round(median_days::numeric, 4) as median_days_between_qty,
    favourite_category_key,
    favourite_category_name,
    case when is_reporting_currency then recent_order_count end as recent_order_count,
    case when is_reporting_currency then recent_lifetime_amount end as recent_lifetime_amount,
    recency_score,
    frequency_score,
    monetary_score,
    rfm_label
from final
