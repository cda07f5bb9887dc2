-- grain: one row per pair of channels and order
-- time zone: order_date is the day in the zone of the order's channel, the old one's where both have it
-- currency: base currency of each order
with pairs as (
    select
        old_channels.channel_code as old_channel_code,
        new_channels.channel_code as new_channel_code
    from ops.channels as new_channels
    inner join ops.channels as old_channels
        on new_channels.replaces_channel_code = old_channels.channel_code
),

orders as (
    select
        orders.order_key,
        orders.channel_code,
        coalesce(orders.order_number, orders.order_key) as order_number,
        row_number() over (
            partition by orders.channel_code, coalesce(orders.order_number, orders.order_key)
            order by orders.order_id
        ) as turn_number,
        (orders.source_created_at at time zone channels.timezone)::date as order_date,
        orders.customer_email_normalised,
        orders.base_currency_code,
        orders.base_grand_total_amount as grand_total_amount
    from crm.orders as orders
    inner join ops.channels as channels
        on orders.channel_code = channels.channel_code
    where
        orders.deleted_at is null
        and exists (
            select 1 as found
            from pairs
            where orders.channel_code in (pairs.old_channel_code, pairs.new_channel_code)
        )
),

old_orders as (
    select
        pairs.new_channel_code,
        orders.*
    from pairs
    inner join orders
        on pairs.old_channel_code = orders.channel_code
),

new_orders as (
    select
        pairs.old_channel_code,
        orders.*
    from pairs
    inner join orders
        on pairs.new_channel_code = orders.channel_code
),

compared as (
    select
        coalesce(old_orders.channel_code, new_orders.old_channel_code) as old_channel_code,
        coalesce(old_orders.new_channel_code, new_orders.channel_code) as new_channel_code,
        coalesce(old_orders.order_number, new_orders.order_number) as order_number,
        coalesce(old_orders.turn_number, new_orders.turn_number) as turn_number,
        case when old_orders.order_key is null then new_orders.order_date else old_orders.order_date end
            as order_date,
        old_orders.order_key as old_order_key,
        new_orders.order_key as new_order_key,
        case
            when old_orders.order_key is not null and new_orders.order_key is not null
                then
                    coalesce(old_orders.customer_email_normalised, '')
                    = coalesce(new_orders.customer_email_normalised, '')
        end as is_email_same,
        coalesce(old_orders.base_currency_code, '')
        = coalesce(new_orders.base_currency_code, '') as is_currency_same,
        case
            when old_orders.order_key is null then new_orders.base_currency_code
            else old_orders.base_currency_code
        end as base_currency_code,
        old_orders.grand_total_amount as old_grand_total_amount,
        new_orders.grand_total_amount as new_grand_total_amount
    from old_orders
    full join new_orders
        on
            old_orders.channel_code = new_orders.old_channel_code
            and old_orders.new_channel_code = new_orders.channel_code
            and old_orders.order_number = new_orders.order_number
            and old_orders.turn_number = new_orders.turn_number
)

select
    compared.old_channel_code,
    compared.new_channel_code,
    compared.order_number,
    compared.turn_number,
    compared.order_date,
    case
        when compared.new_order_key is null then 'missing'
        when compared.old_order_key is null then 'added'
        when not compared.is_email_same or not compared.is_currency_same then 'differing'
        when
            abs(
                coalesce(compared.old_grand_total_amount, 0) - coalesce(compared.new_grand_total_amount, 0)
            ) >= 0.01
            then 'differing'
        else 'same'
    end as verdict,
    compared.old_order_key,
    compared.new_order_key,
    compared.is_email_same,
    compared.base_currency_code,
    compared.old_grand_total_amount,
    compared.new_grand_total_amount
from compared
