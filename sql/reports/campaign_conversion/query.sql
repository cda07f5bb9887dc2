-- grain: one row per channel, segment and day of export
-- time zone: export_date is the day in the channel's zone
-- currency: reporting currency of the channel
with members as (
    select
        members.channel_code,
        members.segment_name,
        members.export_date,
        max(members.campaign_code) as campaign_code,
        count(*) filter (where not members.is_held_out) as exported_count,
        count(*) filter (where members.is_held_out) as held_out_count
    from report.campaign_members as members
    inner join refresh_scope as scope
        on
            members.channel_code = scope.channel_code
            and members.segment_name = scope.segment_name
            and members.export_date = scope.export_date
    group by
        members.channel_code,
        members.segment_name,
        members.export_date
),

followers as (
    select
        orders.channel_code,
        orders.segment_name,
        orders.export_date,
        count(distinct orders.member_key) filter (where not orders.is_held_out) as converted_count,
        count(distinct orders.member_key) filter (where not orders.is_held_out and orders.is_of_cart)
            as bought_cart_count,
        count(*) filter (where not orders.is_held_out) as order_count,
        count(*) filter (where orders.revenue_amount is null) as unconverted_order_count,
        sum(orders.revenue_amount) filter (where not orders.is_held_out) as revenue_amount,
        sum(orders.refunded_amount) filter (where not orders.is_held_out) as refunded_amount,
        count(distinct orders.member_key) filter (where orders.is_held_out) as held_out_converted_count,
        count(*) filter (where orders.is_held_out) as held_out_order_count,
        sum(orders.revenue_amount) filter (where orders.is_held_out) as held_out_revenue_amount
    from report.campaign_orders as orders
    inner join refresh_scope as scope
        on
            orders.channel_code = scope.channel_code
            and orders.segment_name = scope.segment_name
            and orders.export_date = scope.export_date
    group by
        orders.channel_code,
        orders.segment_name,
        orders.export_date
),

final as (
    select
        members.channel_code,
        members.segment_name,
        members.export_date,
        members.campaign_code,
        channels.reporting_currency_code,
        members.exported_count,
        members.held_out_count,
        coalesce(followers.converted_count, 0) as converted_count,
        coalesce(followers.bought_cart_count, 0) as bought_cart_count,
        coalesce(followers.order_count, 0) as order_count,
        coalesce(followers.unconverted_order_count, 0) as unconverted_order_count,
        coalesce(followers.revenue_amount, 0) as revenue_amount,
        coalesce(followers.refunded_amount, 0) as refunded_amount,
        coalesce(followers.held_out_converted_count, 0) as held_out_converted_count,
        coalesce(followers.held_out_order_count, 0) as held_out_order_count,
        coalesce(followers.held_out_revenue_amount, 0) as held_out_revenue_amount
    from members
    inner join ops.channels as channels
        on members.channel_code = channels.channel_code
    left join followers
        on
            members.channel_code = followers.channel_code
            and members.segment_name = followers.segment_name
            and members.export_date = followers.export_date
)

select
    channel_code,
    segment_name,
    export_date,
    campaign_code,
    reporting_currency_code,
    exported_count,
    converted_count,
    round(converted_count::numeric / nullif(exported_count, 0), 6) as conversion_rate,
    bought_cart_count,
    order_count,
    unconverted_order_count,
    revenue_amount,
    refunded_amount,
    held_out_count,
    held_out_converted_count,
    round(held_out_converted_count::numeric / nullif(held_out_count, 0), 6) as held_out_conversion_rate,
    held_out_order_count,
    held_out_revenue_amount,
    round(
        converted_count::numeric / nullif(exported_count, 0)
        - held_out_converted_count::numeric / nullif(held_out_count, 0),
        6
    ) as additional_conversion_rate,
    case
        when exported_count > 0
            then
                round(
                    revenue_amount - exported_count * held_out_revenue_amount / nullif(held_out_count, 0), 4
                )
    end as additional_revenue_amount
from final
