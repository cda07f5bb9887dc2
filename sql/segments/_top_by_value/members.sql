-- grain: one row per channel and account among those that brought in most
-- time zone: dates are days in the channel's zone
-- currency: reporting currency of the channel, at each order's own rate
with ranked as (
    select
        customers.*,
        row_number() over (
            partition by customers.channel_code
            order by customers.lifetime_net_amount desc, customers.buyer_key asc
        ) as place,
        count(*) over (partition by customers.channel_code) as buyer_count
    from report.customer_value as customers
    where customers.is_reporting_currency
)

select
    customers.channel_code,
    customers.buyer_key as account_key,
    customers.order_count,
    customers.first_order_date,
    customers.last_order_date,
    customers.lifetime_amount,
    customers.lifetime_net_amount,
    customers.currency_code as reporting_currency_code,
    customers.rfm_label
from ranked as customers
where
    customers.place <= ceil(customers.buyer_count * :top_pct / 100.0)
    and customers.lifetime_net_amount > 0
