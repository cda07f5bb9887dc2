-- grain: one row per channel and account that ordered at this time last year and not of late
-- time zone: days are counted in the channel's zone
-- currency: reporting currency of the channel, at each order's own rate
with season as (
    select
        channels.channel_code,
        ((:now at time zone channels.timezone)::date - interval '1 year')::date as middle_date
    from ops.channels as channels
),

bought as (
    select
        orders.channel_code,
        orders.buyer_key,
        max(orders.order_date) as seasonal_order_date
    from report.sales_orders as orders
    inner join season
        on orders.channel_code = season.channel_code
    where
        orders.is_identified
        and orders.order_date between season.middle_date - :days_before and season.middle_date + :days_after
    group by
        orders.channel_code,
        orders.buyer_key
)

select
    buyers.*,
    bought.seasonal_order_date
from buyers
inner join bought
    on
        buyers.channel_code = bought.channel_code
        and buyers.account_key = bought.buyer_key
where buyers.last_order_date <= buyers.today_date - :silent_days
