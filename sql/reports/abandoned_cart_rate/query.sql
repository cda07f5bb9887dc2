-- grain: one row per channel, store, day on which carts were begun and base currency
-- time zone: cart_date is the day in the channel's zone
-- currency: base currency of the carts, one per row
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

bought as (
    select
        carts.channel_code,
        carts.store_key,
        carts.cart_date,
        carts.base_currency_code,
        count(*) as purchased_cart_count
    from days
    inner join crm.carts_that_count as carts
        on
            days.channel_code = carts.channel_code
            and days.begins_at <= carts.source_created_at
            and days.ends_at > carts.source_created_at
            and days.cart_date = carts.cart_date
    where carts.status = 'purchased'
    group by
        carts.channel_code,
        carts.store_key,
        carts.cart_date,
        carts.base_currency_code
),

left_behind as (
    select
        abandoned.channel_code,
        abandoned.store_key,
        abandoned.cart_date,
        abandoned.base_currency_code,
        count(*) filter (where abandoned.status <> 'purchased') as abandoned_cart_count,
        count(*) filter (where abandoned.status = 'purchased') as resumed_cart_count,
        count(*) filter (
            where abandoned.status <> 'purchased' and abandoned.is_contactable
        ) as contactable_cart_count,
        count(*) filter (
            where abandoned.status <> 'purchased' and abandoned.has_consent
        ) as consenting_cart_count,
        count(*) filter (where abandoned.is_recovered) as recovered_cart_count,
        coalesce(
            sum(abandoned.revenue_amount) filter (where abandoned.status <> 'purchased'), 0
        ) as abandoned_revenue_amount
    from report.abandoned_carts as abandoned
    inner join refresh_scope as scope
        on
            abandoned.channel_code = scope.channel_code
            and abandoned.cart_date = scope.cart_date
    group by
        abandoned.channel_code,
        abandoned.store_key,
        abandoned.cart_date,
        abandoned.base_currency_code
),

-- One set of rows after the other instead of a join: store and currency may be NULL in both.
both_kinds as (
    select
        bought.channel_code,
        bought.store_key,
        bought.cart_date,
        bought.base_currency_code,
        bought.purchased_cart_count,
        0 as abandoned_cart_count,
        0 as resumed_cart_count,
        0 as contactable_cart_count,
        0 as consenting_cart_count,
        0 as recovered_cart_count,
        0 as abandoned_revenue_amount
    from bought
    union all
    select
        left_behind.channel_code,
        left_behind.store_key,
        left_behind.cart_date,
        left_behind.base_currency_code,
        0 as purchased_cart_count,
        left_behind.abandoned_cart_count,
        left_behind.resumed_cart_count,
        left_behind.contactable_cart_count,
        left_behind.consenting_cart_count,
        left_behind.recovered_cart_count,
        left_behind.abandoned_revenue_amount
    from left_behind
)

select
    both_kinds.channel_code,
    both_kinds.store_key,
    both_kinds.cart_date,
    both_kinds.base_currency_code,
    sum(both_kinds.abandoned_cart_count) as abandoned_cart_count,
    sum(both_kinds.purchased_cart_count) as purchased_cart_count,
    sum(both_kinds.resumed_cart_count) as resumed_cart_count,
    sum(both_kinds.abandoned_cart_count)::numeric
    / sum(both_kinds.abandoned_cart_count + both_kinds.purchased_cart_count) as abandon_rate,
    sum(both_kinds.contactable_cart_count) as contactable_cart_count,
    sum(both_kinds.consenting_cart_count) as consenting_cart_count,
    sum(both_kinds.recovered_cart_count) as recovered_cart_count,
    sum(both_kinds.abandoned_revenue_amount) as abandoned_revenue_amount
from both_kinds
group by
    both_kinds.channel_code,
    both_kinds.store_key,
    both_kinds.cart_date,
    both_kinds.base_currency_code
