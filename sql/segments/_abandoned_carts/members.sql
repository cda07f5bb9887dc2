-- grain: one row per cart left behind between two ages
-- time zone: instants are UTC
-- currency: base currency of the cart
with carts as (
    select abandoned.*
    from report.abandoned_carts as abandoned
    where
        abandoned.last_activity_at <= :now - make_interval(mins => :from_minutes)
        and abandoned.last_activity_at > :now - make_interval(mins => :to_minutes)
        and abandoned.status = 'open'
        and abandoned.is_contactable
        and not abandoned.is_recovered
        and (
            :minimum_amount = 0
            or abandoned.grand_total_amount * abandoned.base_to_reporting_rate >= :minimum_amount
        )
),

items as (
    select
        goods.cart_key,
        jsonb_agg(
            jsonb_build_object(
                'name', goods.product_name,
                'sku', goods.sku,
                'qty', goods.item_qty,
                'price', goods.base_price_amount,
                'total', goods.base_row_total_amount,
                'url', goods.product_url,
                'image_url', goods.product_image_url
            )
            order by goods.cart_item_id, goods.cart_item_key
        ) as items_json,
        string_agg(
            coalesce(trim_scale(goods.item_qty)::text || ' x ', '')
            || coalesce(goods.product_name, goods.sku, '?'),
            chr(10)
            order by goods.cart_item_id, goods.cart_item_key
        ) as items_text,
        (
            array_agg(goods.product_url order by goods.cart_item_id, goods.cart_item_key)
        )[1] as first_item_url,
        (
            array_agg(
                goods.product_image_url
                order by goods.cart_item_id, goods.cart_item_key
            )
        )[1] as first_item_image_url
    from carts
    inner join crm.cart_items as goods
        on carts.cart_key = goods.cart_key
    where
        goods.parent_item_key is null
        and not goods.is_removed
        and goods.deleted_at is null
    group by goods.cart_key
)

select
    carts.channel_code,
    carts.cart_key,
    carts.begun_at,
    carts.last_activity_at,
    carts.item_count,
    carts.item_qty,
    carts.grand_total_amount,
    carts.base_currency_code,
    :campaign_code as cart_campaign_code,
    items.first_item_url,
    items.first_item_image_url,
    items.items_text,
    coalesce(items.items_json, '[]'::jsonb) as items_json
from carts
left join items
    on carts.cart_key = items.cart_key
