-- grain: one row per segment and order within the waiting time after an export of its buyer
-- time zone: instants are UTC
-- currency: reporting currency of the channel, at the order's own rate
with customers as (
    select
        customers.customer_key,
        scope.buyer_key
    from refresh_scope as scope
    inner join crm.customers as customers
        on scope.buyer_key = customers.account_key
    union
    select
        customers.customer_key,
        scope.buyer_key
    from refresh_scope as scope
    inner join crm.customers as customers
        on scope.buyer_key = customers.customer_key
    where customers.account_key is null
),

followed as (
    select
        members.segment_name,
        orders.order_key,
        orders.channel_code,
        orders.buyer_key,
        members.member_key,
        members.export_date,
        members.is_held_out,
        orders.ordered_at,
        coalesce(sources.cart_key = members.member_key, false) as is_of_cart,
        orders.reporting_currency_code,
        round(orders.revenue_amount * orders.base_to_reporting_rate, 4) as revenue_amount,
        round(orders.refunded_amount * orders.base_to_reporting_rate, 4) as refunded_amount,
        row_number() over (
            partition by members.segment_name, orders.order_key
            order by
                coalesce(sources.cart_key = members.member_key, false) desc,
                members.exported_at desc,
                members.member_key asc
        ) as place
    from customers
    inner join report.campaign_members as members
        on customers.customer_key = members.customer_key
    inner join report.sales_orders as orders
        on
            customers.buyer_key = orders.buyer_key
            and members.channel_code = orders.channel_code
            and members.exported_at < orders.ordered_at
            and members.exported_at >= orders.ordered_at - make_interval(days => :waiting_days)
    inner join crm.orders as sources
        on orders.order_key = sources.order_key
)

select
    followed.segment_name,
    followed.order_key,
    followed.channel_code,
    followed.buyer_key,
    followed.member_key,
    followed.export_date,
    followed.is_held_out,
    followed.ordered_at,
    followed.is_of_cart,
    followed.reporting_currency_code,
    followed.revenue_amount,
    followed.refunded_amount
from followed
where followed.place = 1
