-- Every order of the buyers whose orders, refunds or accounts changed, old and new alike.
with buyers as (
    select coalesce(customers.account_key, touched.touched_key) as buyer_key
    from touched
    left join crm.customers as customers
        on touched.touched_key = customers.customer_key
    where touched.subject = 'customer'
    union
    select touched.touched_key as buyer_key
    from touched
    where touched.subject = 'account'
    union
    select crm.buyer_key(customers.account_key, orders.customer_key, orders.order_key) as buyer_key
    from touched
    inner join crm.orders as orders
        on touched.touched_key = orders.order_key
    left join crm.customers as customers
        on orders.customer_key = customers.customer_key
    where touched.subject = 'order'
),

people as (
    select customers.customer_key
    from crm.customers as customers
    inner join buyers
        on customers.account_key = buyers.buyer_key
    union
    select buyers.buyer_key as customer_key
    from buyers
)

select orders.order_key
from crm.orders as orders
inner join people
    on orders.customer_key = people.customer_key
union
select touched.touched_key as order_key
from touched
where touched.subject = 'order'
