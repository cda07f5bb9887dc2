-- grain: one row per cart with items that was left for the waiting time
-- time zone: cart_date is the day in the channel's zone; instants are UTC
-- currency: base currency of the cart
with known as (
    select
        carts.cart_key,
        carts.status,
        carts.last_activity_at,
        carts.last_open_at,
        carts.closed_at
    from crm.carts_that_count as carts
    inner join refresh_scope as scope
        on carts.cart_key = scope.cart_key
    where
        carts.status = 'purchased'
        or (carts.status in ('open', 'expired') and carts.has_items)
),

-- Cancelled orders, too: their carts were bought.
purchases as (
    select
        known.cart_key,
        min(orders.source_created_at) as purchased_at
    from known
    inner join crm.orders as orders
        on known.cart_key = orders.cart_key
    where known.status = 'purchased'
    group by known.cart_key
),

-- Buying or closing a cart changes it as well, so what came before is looked up in its history.
activities as (
    select
        known.cart_key,
        case when known.status = 'open' then known.last_activity_at else known.last_open_at end as active_at
    from known
    union all
    select
        known.cart_key,
        versions.last_open_at as active_at
    from known
    inner join crm.carts_history as versions
        on known.cart_key = versions.cart_key
    where known.status <> 'open'
),

spans as (
    select
        known.cart_key,
        known.status,
        activities.active_at as left_at,
        lead(activities.active_at) over in_time as active_again_at,
        case known.status
            when 'open' then :now
            when 'expired' then known.closed_at
            else purchases.purchased_at
        end as ended_at
    from known
    inner join activities
        on known.cart_key = activities.cart_key
    left join purchases
        on known.cart_key = purchases.cart_key
    where activities.active_at is not null
    window in_time as (
        partition by activities.cart_key
        order by activities.active_at
    )
),

-- A cart that was taken up again counts when it was bought in the end; else only how it was left last.
left_behind as (
    select
        spans.cart_key,
        max(spans.left_at) as left_at
    from spans
    where
        spans.left_at + make_interval(mins => :waiting_minutes)
        <= least(spans.active_again_at, spans.ended_at)
        and spans.ended_at is not null
        and (spans.status = 'purchased' or spans.active_again_at is null)
    group by spans.cart_key
),

-- What people of the CRM side had taken over was theirs when the store closed it.
carts as (
    select
        carts_that_count.*,
        left_behind.left_at,
        customers.account_key,
        customers.deleted_at is null
        and (
            carts_that_count.customer_email_normalised is not null
            or customers.email_normalised is not null
            or exists (
                select addresses.cart_address_key
                from crm.cart_addresses as addresses
                where
                    addresses.cart_key = carts_that_count.cart_key
                    and addresses.deleted_at is null
                    and (addresses.email is not null or addresses.telephone is not null)
            )
        ) as is_contactable
    from left_behind
    inner join crm.carts_that_count
        on left_behind.cart_key = carts_that_count.cart_key
    left join crm.customers as customers
        on carts_that_count.customer_key = customers.customer_key
    left join lateral (
        select versions.status
        from crm.carts_history as versions
        where
            versions.cart_key = left_behind.cart_key
            and versions.status <> 'expired'
        order by versions.valid_to desc
        limit 1
    ) as last_versions on carts_that_count.status = 'expired'
    where coalesce(last_versions.status, 'open') not in ('lost', 'converted_to_opportunity')
)

select
    carts.cart_key,
    carts.channel_code,
    carts.store_key,
    carts.customer_key,
    carts.status,
    carts.source_created_at as begun_at,
    carts.cart_date,
    carts.left_at as last_activity_at,
    carts.left_at + make_interval(mins => :waiting_minutes) as abandoned_at,
    carts.item_count,
    carts.item_qty,
    carts.base_currency_code,
    carts.base_revenue_amount as revenue_amount,
    carts.base_grand_total_amount as grand_total_amount,
    carts.reporting_currency_code,
    carts.base_to_reporting_rate,
    carts.is_contactable,
    recipients.consent_state as newsletter_status,
    carts.is_contactable and coalesce(recipients.consent_state = 'subscribed', false) as has_consent,
    coalesce(own_orders.order_key, recoveries.order_key) is not null as is_recovered,
    coalesce(own_orders.order_key, recoveries.order_key) as recovered_order_key,
    coalesce(own_orders.ordered_at, recoveries.ordered_at) as recovered_at
from carts
-- LIMIT keeps the server from working out the whole view.
left join lateral (
    select people.consent_state
    from marketing.cart_recipients as people
    where
        people.channel_code = carts.channel_code
        and people.member_key = carts.cart_key
    order by people.member_key
    limit 1
) as recipients on true
left join lateral (
    select
        sales.order_key,
        sales.ordered_at
    from crm.orders as orders
    inner join report.sales_orders as sales
        on orders.order_key = sales.order_key
    where
        orders.cart_key = carts.cart_key
        and sales.ordered_at > carts.left_at
    order by
        sales.ordered_at asc,
        sales.order_key asc
    limit 1
) as own_orders on carts.status = 'purchased'
left join lateral (
    select
        orders.order_key,
        orders.ordered_at
    from report.sales_orders as orders
    where
        orders.buyer_key = coalesce(carts.account_key, carts.customer_key)
        and orders.channel_code = carts.channel_code
        and orders.ordered_at > carts.left_at
    order by
        orders.ordered_at asc,
        orders.order_key asc
    limit 1
) as recoveries on own_orders.order_key is null
