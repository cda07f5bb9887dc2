-- grain: one row per open task
-- time zone: instants are UTC
-- currency: amount in currency_code
-- The list people work through: what to do, about what, and whom to reach how. Addresses are looked up,
-- never stored.
create or replace view crm.open_tasks as
select
    tasks.task_id,
    tasks.channel_code,
    tasks.rule_name,
    tasks.title,
    tasks.subject,
    tasks.subject_key,
    orders.order_number,
    tasks.due_at,
    tasks.amount,
    tasks.currency_code,
    coalesce(carts.owner_name, orders.owner_name) as owner_name,
    coalesce(carts.customer_key, orders.customer_key) as customer_key,
    customers.first_name,
    customers.last_name,
    coalesce(carts.customer_email, orders.customer_email, customers.email) as email,
    coalesce(cart_phones.telephone, order_phones.telephone) as telephone
from crm.tasks as tasks
left join crm.carts as carts
    on tasks.subject = 'cart' and tasks.subject_key = carts.cart_key
left join crm.orders as orders
    on tasks.subject = 'order' and tasks.subject_key = orders.order_key
left join crm.customers as customers
    on coalesce(carts.customer_key, orders.customer_key) = customers.customer_key
left join lateral (
    select min(addresses.telephone) as telephone
    from crm.cart_addresses as addresses
    where
        addresses.cart_key = carts.cart_key
        and addresses.deleted_at is null
) as cart_phones on true
left join lateral (
    select min(addresses.telephone) as telephone
    from crm.order_addresses as addresses
    where
        addresses.order_key = orders.order_key
        and addresses.deleted_at is null
) as order_phones on true
where tasks.state = 'open';

comment on view crm.open_tasks is
'One row per open task of crm.tasks, with whom to reach and how; the most urgent has the smallest due_at.';
comment on column crm.open_tasks.task_id is 'Number of the task, for crm.close_task.';
comment on column crm.open_tasks.channel_code is 'The channel of what it is about.';
comment on column crm.open_tasks.rule_name is 'The rule that asks for it: its folder in sql/tasks.';
comment on column crm.open_tasks.title is 'What to do, in words.';
comment on column crm.open_tasks.subject is 'What it is about: cart or order.';
comment on column crm.open_tasks.subject_key is 'Which: key of crm.carts or crm.orders.';
comment on column crm.open_tasks.order_number is 'Number people see. NULL: it is about a cart.';
comment on column crm.open_tasks.due_at is 'From when on it is to be done (UTC).';
comment on column crm.open_tasks.amount is 'What it is about is worth, in currency_code. NULL: not known.';
comment on column crm.open_tasks.currency_code is 'Currency of the amount. NULL: no amount, or not known.';
comment on column crm.open_tasks.owner_name is 'Who looks after the cart or order. NULL: nobody.';
comment on column crm.open_tasks.customer_key is 'Whose it is; key of crm.customers. NULL: nobody is known.';
comment on column crm.open_tasks.first_name is 'First name of the customer. NULL: not known, or erased.';
comment on column crm.open_tasks.last_name is 'Last name of the customer. NULL: not known, or erased.';
comment on column crm.open_tasks.email is
'E-mail typed with the cart or order, else of the customer. NULL: none, or erased.';
comment on column crm.open_tasks.telephone is 'A number given with the cart or order. NULL: none, or erased.';
