-- grain: none; an object
-- time zone: none
-- currency: none
-- What the warehouse shows of a cart, under the names by which the store's present state is held against it:
-- pieces of each article and product, sum, coupon, methods, fields of the addresses, and the store
-- view to ask in.
create or replace function crm.cart_seen(cart_key text) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
    select jsonb_strip_nulls(jsonb_build_object(
        'store_id', carts.store_id,
        'grand_total_amount', trim_scale(carts.grand_total_amount)::text,
        'shipping_method', (
            select addresses.shipping_method from crm.cart_addresses as addresses
            where addresses.cart_key = carts.cart_key and addresses.address_type = 'shipping'
                and addresses.deleted_at is null
        ),
        'payment_method', carts.payment_method
    )) || jsonb_build_object('coupon_code', carts.coupon_code) || coalesce((
        select jsonb_object_agg(lines.line_name, trim_scale(lines.qty)::text)
        from (
            select names.line_name, sum(items.item_qty) as qty
            from crm.cart_items as items
            cross join lateral (values ('item ' || items.sku), ('item #' || items.product_id)) as names (line_name)
            where items.cart_key = carts.cart_key and items.parent_item_id is null
                and not coalesce(items.is_removed, false) and names.line_name is not null
            group by names.line_name
        ) as lines
    ), '{}'::jsonb) || coalesce((
        select jsonb_object_agg(format('%s_address.%s', addresses.address_type, fields.key), fields.value)
        from crm.cart_addresses as addresses
        cross join lateral jsonb_each_text(jsonb_build_object(
            'first_name', addresses.first_name, 'last_name', addresses.last_name, 'company', addresses.company,
            'street', addresses.street, 'city', addresses.city, 'region', addresses.region,
            'region_id', nullif(addresses.region_id, 0), 'postcode', addresses.postcode,
            'country_code', addresses.country_code, 'telephone', addresses.telephone, 'fax', addresses.fax,
            'customer_address_id', nullif(addresses.customer_address_id, 0)
        )) as fields
        where addresses.cart_key = carts.cart_key and addresses.deleted_at is null and fields.value is not null
    ), '{}'::jsonb)
    from crm.carts as carts
    where carts.cart_key = cart_seen.cart_key
$$;

comment on function crm.cart_seen(text) is
'What the warehouse shows of a cart, as crm.request_change keeps it with a request: pieces by article and
product, sum, coupon, methods, fields of the addresses, store view.';
