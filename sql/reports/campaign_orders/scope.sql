-- Buyers with a changed order, account or export; customers tell of the buyer they are part of.
select touched.touched_key as buyer_key
from touched
where touched.subject in ('sales_orders.buyer', 'account')
union
select coalesce(customers.account_key, customers.customer_key) as buyer_key
from touched
inner join crm.customers as customers
    on touched.touched_key = customers.customer_key
where touched.subject in ('customer', 'campaign_members.customer')
union
-- Who joined an account since was a buyer by the customer's own key.
select touched.touched_key as buyer_key
from touched
where touched.subject = 'customer'
