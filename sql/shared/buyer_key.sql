-- grain: none; a key
-- time zone: none
-- currency: none
-- Where the store names no buyer, each order is a buyer of its own, who is never counted as a customer.
create or replace function crm.buyer_key(account_key text, customer_key text, order_key text) returns text
language sql immutable parallel safe as $$
select coalesce(account_key, customer_key, order_key)
$$;

comment on function crm.buyer_key(text, text, text) is
'Whom an order counts for: the account of its customer, else the customer, else the order itself.';
