-- grain: one row per channel, store and day on which carts were begun
-- time zone: cart_date is the day in the channel's zone
-- currency: none
with days as (
    select
        scope.channel_code,
        scope.cart_date,
        -- A day wider than the day, for midnights that clocks skip or pass twice; cart_date decides.
        (scope.cart_date - 1)::timestamp at time zone channels.timezone as begins_at,
        (scope.cart_date + 2)::timestamp at time zone channels.timezone as ends_at
    from refresh_scope as scope
    inner join ops.channels as channels
        on scope.channel_code = channels.channel_code
),

-- A cart that was bought has passed all stages, whatever is left in it.
carts as (
    select
        carts_that_count.channel_code,
        carts_that_count.store_key,
        carts_that_count.cart_date,
        carts_that_count.status = 'purchased' as is_purchased,
        carts_that_count.status = 'purchased' or carts_that_count.has_items as has_items,
        carts_that_count.status = 'purchased'
        or (carts_that_count.has_items and carts_that_count.has_contact) as has_contact
    from days
    inner join crm.carts_that_count
        on
            days.channel_code = carts_that_count.channel_code
            and days.begins_at <= carts_that_count.source_created_at
            and days.ends_at > carts_that_count.source_created_at
            and days.cart_date = carts_that_count.cart_date
)

select
    carts.channel_code,
    carts.store_key,
    carts.cart_date,
    count(*) as created_cart_count,
    count(*) filter (where carts.has_items) as filled_cart_count,
    count(*) filter (where carts.has_contact) as contact_cart_count,
    count(*) filter (where carts.is_purchased) as purchased_cart_count,
    count(*) filter (where carts.is_purchased)::numeric / count(*) as purchase_rate
from carts
group by
    carts.channel_code,
    carts.store_key,
    carts.cart_date
