-- Who bought something, and whose record, account or newsletter entry changed.
with people as (
    select touched.touched_key as customer_key
    from touched
    where touched.subject = 'customer'
    union
    select entries.customer_key
    from touched
    inner join crm.customers_of_newsletter_entries as entries
        on touched.touched_key = entries.newsletter_subscriber_key
    where touched.subject = 'newsletter_subscriber'
)

select touched.touched_key as account_key
from touched
where touched.subject in ('customer_value.buyer', 'account')
union
select coalesce(customers.account_key, customers.customer_key) as account_key
from people
inner join crm.customers as customers
    on people.customer_key = customers.customer_key
