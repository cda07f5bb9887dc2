-- Orders touched, those of customers touched or buyers whose orders changed, and those that fell due or ran
-- out since the last refresh. When everything is computed, everything is touched.
with ends as (
    select ends.after_days
    from (
        values (:follow_up_after_days), (:follow_up_until_days)
    ) as ends (after_days)
)

select touched.touched_key as order_key
from touched
where touched.subject = 'order'
union
select orders.order_key
from touched
inner join crm.orders as orders
    on touched.touched_key = orders.customer_key
where touched.subject = 'customer'
union
select orders.order_key
from touched
inner join report.sales_orders as orders
    on touched.touched_key = orders.buyer_key
where touched.subject = 'sales_orders.buyer'
union
select orders.order_key
from ends
inner join crm.orders as orders
    on
        :refreshed_at > '1970-01-02'
        and orders.source_created_at > :refreshed_at - make_interval(days => ends.after_days)
        and orders.source_created_at <= :now - make_interval(days => ends.after_days)
