-- Days on which carts were begun that changed or were bought; old and new days alike.
select
    carts.channel_code,
    carts.cart_date
from touched
inner join crm.carts_that_count as carts
    on touched.touched_key = carts.cart_key
where
    touched.subject in ('cart', 'cart_of_order')
    and carts.cart_date is not null
union
-- Instants are cut to the hour: in zones half an hour off, midnight falls inside of it.
select
    touched.channel_code,
    ((touched.touched_at + ends.distance) at time zone channels.timezone)::date as cart_date
from touched
inner join ops.channels as channels
    on touched.channel_code = channels.channel_code
cross join (values (interval '0'), (interval '1 hour' - interval '1 microsecond')) as ends (distance)
where touched.subject = 'cart_created'
