-- Buyers with a changed order or favourite, and those whose scores may change by the calendar alone: since
-- the last refresh an order of theirs became older than a band of recency or a window reaches.
with days as (
    select
        channels.channel_code,
        (:refreshed_at at time zone channels.timezone)::date as refreshed_date,
        (:now at time zone channels.timezone)::date as today_date
    from ops.channels as channels
    -- 1970 stands for never: then every buyer is touched.
    where extract(year from :refreshed_at) > 1970
),

ages as (
    select
        bands.channel_code,
        bands.up_to_value::integer as age_days,
        true as is_of_last_order
    from crm.rfm_bands as bands
    where bands.measure = 'recency' and bands.up_to_value is not null
    union
    select
        bands.channel_code,
        bands.window_days as age_days,
        false as is_of_last_order
    from crm.rfm_bands as bands
    where bands.window_days is not null
)

select
    days.channel_code,
    aged.buyer_key
from days
inner join ages
    on days.channel_code = ages.channel_code
-- DISTINCT has the index looked up age by age: the server cannot estimate ranges and would read every order.
cross join
    lateral (
        select distinct orders.buyer_key
        from report.sales_orders as orders
        where
            orders.channel_code = days.channel_code
            and orders.order_date >= days.refreshed_date - ages.age_days
            and orders.order_date < days.today_date - ages.age_days
            and orders.is_identified
            and (orders.next_ordered_at is null or not ages.is_of_last_order)
    ) as aged
union
select
    touched.channel_code,
    touched.touched_key as buyer_key
from touched
where touched.subject in ('sales_orders.buyer', 'favourite_categories.buyer')
