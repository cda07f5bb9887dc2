-- Orders touched, and those that came to the end of an age since the last refresh.
-- When everything is computed, everything is touched.
with ends as (
    select ends.after_days
    from (
        values (1), (3), (7), (14), (30), (90), (:late_after_days)
    ) as ends (after_days)
)

select touched.touched_key as order_key
from touched
union
select orders.order_key
from ends
inner join crm.orders as orders
    on
        :refreshed_at > '1970-01-02'
        and orders.source_created_at > :refreshed_at - make_interval(days => ends.after_days)
        and orders.source_created_at <= :now - make_interval(days => ends.after_days)
where orders.state is null or orders.state not in ('complete', 'closed', 'canceled')
