-- grain: none; a key
-- time zone: none
-- currency: none
-- A product that was deleted from the store is still told apart by the article number on its order lines.
create or replace function crm.article_key(product_key text, channel_code text, sku text, line_key text)
returns text
language sql immutable parallel safe as $$
select coalesce(product_key, channel_code || ':sku:' || sku, line_key)
$$;

comment on function crm.article_key(text, text, text, text) is
'What was bought: the product, else the article number in its channel, else the line itself.';
