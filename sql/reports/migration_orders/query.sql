-- grain: one row per pair of channels and order
-- time zone: order_date is the day in the zone of the order's channel, the old one's where both have it
-- currency: base currency of each order, the old one's and the new one's beside each other
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
        orders.order_id,
        orders.channel_code,
        coalesce(orders.order_number, orders.order_key) as order_number,
        coalesce(orders.customer_email_normalised, '') as email,
        row_number() over (
            partition by
                orders.channel_code,
                coalesce(orders.order_number, orders.order_key),
                orders.customer_email_normalised
            order by orders.order_id
        ) as turn_number,
        (orders.source_created_at at time zone channels.timezone)::date as order_date,
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

-- Store views of one shop may give the same number, so who ordered comes before whose turn it is.
same_buyer as (
    select
        pairs.old_channel_code,
        pairs.new_channel_code,
        old_orders.order_key as old_order_key,
        new_orders.order_key as new_order_key
    from pairs
    inner join orders as old_orders
        on pairs.old_channel_code = old_orders.channel_code
    inner join orders as new_orders
        on
            pairs.new_channel_code = new_orders.channel_code
            and old_orders.order_number = new_orders.order_number
            and old_orders.email = new_orders.email
            and old_orders.turn_number = new_orders.turn_number
),

old_rest as (
    select
        pairs.old_channel_code,
        pairs.new_channel_code,
        orders.order_key,
        orders.order_number,
        row_number() over (
            partition by pairs.new_channel_code, orders.order_number
            order by orders.order_id
        ) as turn_number
    from pairs
    inner join orders
        on pairs.old_channel_code = orders.channel_code
    left join same_buyer
        on
            pairs.new_channel_code = same_buyer.new_channel_code
            and orders.order_key = same_buyer.old_order_key
    where same_buyer.old_order_key is null
),

new_rest as (
    select
        pairs.old_channel_code,
        pairs.new_channel_code,
        orders.order_key,
        orders.order_number,
        row_number() over (
            partition by pairs.new_channel_code, orders.order_number
            order by orders.order_id
        ) as turn_number
    from pairs
    inner join orders
        on pairs.new_channel_code = orders.channel_code
    left join same_buyer
        on orders.order_key = same_buyer.new_order_key
    where same_buyer.new_order_key is null
),

matched as (
    select
        same_buyer.old_channel_code,
        same_buyer.new_channel_code,
        same_buyer.old_order_key,
        same_buyer.new_order_key
    from same_buyer
    union all
    select
        coalesce(old_rest.old_channel_code, new_rest.old_channel_code) as old_channel_code,
        coalesce(old_rest.new_channel_code, new_rest.new_channel_code) as new_channel_code,
        old_rest.order_key as old_order_key,
        new_rest.order_key as new_order_key
    from old_rest
    full join new_rest
        on
            old_rest.new_channel_code = new_rest.new_channel_code
            and old_rest.order_number = new_rest.order_number
            and old_rest.turn_number = new_rest.turn_number
),

compared as (
    select
        matched.old_channel_code,
        matched.new_channel_code,
        coalesce(old_orders.order_number, new_orders.order_number) as order_number,
        coalesce(old_orders.order_id, new_orders.order_id) as order_id,
        case when old_orders.order_key is null then new_orders.order_date else old_orders.order_date end
            as order_date,
        matched.old_order_key,
        matched.new_order_key,
        old_orders.email = new_orders.email as is_email_same,
        coalesce(old_orders.base_currency_code, '')
        = coalesce(new_orders.base_currency_code, '') as is_currency_same,
        old_orders.base_currency_code as old_base_currency_code,
        new_orders.base_currency_code as new_base_currency_code,
        old_orders.grand_total_amount as old_grand_total_amount,
        new_orders.grand_total_amount as new_grand_total_amount
    from matched
    left join orders as old_orders
        on matched.old_order_key = old_orders.order_key
    left join orders as new_orders
        on matched.new_order_key = new_orders.order_key
)

select
    compared.old_channel_code,
    compared.new_channel_code,
    compared.order_number,
    row_number() over (
        partition by compared.old_channel_code, compared.new_channel_code, compared.order_number
        order by compared.old_order_key is null, compared.order_id
    ) as turn_number,
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
    compared.old_base_currency_code,
    compared.new_base_currency_code,
    compared.old_grand_total_amount,
    compared.new_grand_total_amount
from compared
