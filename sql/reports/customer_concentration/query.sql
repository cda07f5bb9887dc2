-- grain: one row per channel and tenth of its buyers, by lifetime value
-- time zone: none
-- currency: reporting currency of the channel
with ranked as (
    select
        customers.channel_code,
        customers.currency_code,
        customers.lifetime_amount,
        ntile(10) over (
            partition by customers.channel_code
            order by customers.lifetime_amount desc
        ) as decile
    from report.customer_value as customers
    where customers.is_reporting_currency
),

deciles as (
    select
        ranked.channel_code,
        ranked.currency_code,
        ranked.decile,
        count(*) as customer_count,
        min(ranked.lifetime_amount) as least_lifetime_amount,
        max(ranked.lifetime_amount) as greatest_lifetime_amount,
        sum(ranked.lifetime_amount) as lifetime_amount
    from ranked
    group by
        ranked.channel_code,
        ranked.currency_code,
        ranked.decile
)

select
    deciles.channel_code,
    deciles.decile,
    deciles.currency_code as reporting_currency_code,
    deciles.customer_count,
    deciles.least_lifetime_amount,
    deciles.greatest_lifetime_amount,
    deciles.lifetime_amount,
    round(
        100 * deciles.lifetime_amount
        / nullif(sum(deciles.lifetime_amount) over (partition by deciles.channel_code), 0),
        4
    ) as lifetime_pct,
    round(
        100 * sum(deciles.lifetime_amount) over (partition by deciles.channel_code order by deciles.decile)
        / nullif(sum(deciles.lifetime_amount) over (partition by deciles.channel_code), 0),
        4
    ) as cumulative_lifetime_pct
from deciles
