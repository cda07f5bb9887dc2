-- grain: none; a key
-- time zone: none
-- currency: none
-- Where the store names no buyer, each order is a buyer of its own, who is never counted as a customer. It is
-- main:order:5, for orders and customers are numbered alike and main:5 is a customer, too.
create or replace function crm.buyer_key(account_key text, customer_key text, order_key text) returns text
language sql immutable parallel safe as $$
select coalesce(account_key, customer_key, regexp_replace(order_key, ':', ':order:'))
$$;

comment on function crm.buyer_key(text, text, text) is
'Whom an order counts for: its customer''s account, else the customer, else itself, as channel:order:id.';
