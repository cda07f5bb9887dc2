"""A large warehouse for reports, made by SQL: what a load would have left, with only the columns that reports read.

Orders are spread over three years, later ones denser; a quarter of the buyers order once,
    some dozens of times. Every
twentieth order is cancelled, every twenty-fifth refunded; a cart stands behind each order,
    and one more is left behind
for every fourth.
"""

from __future__ import annotations

from sqlalchemy import Engine, text

PRODUCTS = 5_000
NOW = "timestamptz '2026-11-22 06:00Z'"
_STATEMENTS = (
    """
    insert into ops.channels (channel_code, channel_name, kind, timezone, reporting_currency_code, is_active,
        updated_at)
    values ('bench', 'Bench', 'magento1', 'Europe/Berlin', 'EUR', true, now())
    """,
    """
    insert into crm.websites (website_key, channel_code, website_id, first_seen_at, changed_at)
    values ('bench:1', 'bench', 1, now(), now())
    """,
    """
    insert into crm.stores (store_key, channel_code, store_id, website_key, website_id, first_seen_at, changed_at)
    select 'bench:' || n, 'bench', n, 'bench:1', 1, now(), now() from generate_series(1, 2) as n
    """,
    """
    insert into crm.accounts (account_key, channel_code, customer_count, has_registered_customer,
        first_seen_at, changed_at)
    select 'bench:' || n, 'bench', 1, true, now(), now() from generate_series(1, :customers) as n
    """,
    """
    insert into crm.customers (customer_key, account_key, contact_key, channel_code, customer_id, is_guest, email,
        email_normalised, birth_date, website_id, website_key, store_key, source_created_at, first_seen_at, changed_at)
    select 'bench:' || n, 'bench:' || n, 'bench:' || n, 'bench', n, n % 5 = 0, n || '@example.com',
        n || '@example.com', case when n % 4 = 0 then date '1970-01-01' + n % 12000 end,
        1, 'bench:1', 'bench:' || 1 + n % 2, timestamptz '2023-11-01Z' + n * interval '1 minute', now(), now()
    from generate_series(1, :customers) as n
    """,
    """
    insert into crm.categories (category_key, channel_code, category_id, category_name, full_name, path, level,
        first_seen_at, changed_at)
    select 'bench:' || n, 'bench', n, named.name, 'Root / ' || named.name, '1/2/' || n, 2, now(), now()
    from generate_series(1, 50) as n
    cross join lateral (
        select case n when 1 then 'Women' when 2 then 'Accessories' else 'Category ' || n end as name
    ) as named
    """,
    """
    insert into crm.products (product_key, channel_code, product_id, sku, product_name, first_seen_at, changed_at)
    select 'bench:' || n, 'bench', n, 'sku-' || n, 'Product ' || n, now(), now() from generate_series(1,
        :products) as n
    """,
    """
    insert into crm.product_categories (product_category_key, channel_code, product_key, category_key, product_id,
        category_id, first_seen_at, changed_at)
    select 'bench:' || n || ':' || 1 + n % 50, 'bench', 'bench:' || n, 'bench:' || 1 + n % 50, n, 1 + n % 50,
        now(), now()
    from generate_series(1, :products) as n
    """,
    f"""
    insert into crm.orders (order_key, channel_code, order_id, order_number, customer_key, is_guest, store_key,
        state,
        status, cart_key, coupon_code, shipping_method, base_currency_code, global_currency_code,
            base_to_global_rate,
        base_subtotal_amount, base_discount_amount, base_tax_amount, base_shipping_amount, base_grand_total_amount,
        source_created_at, source_updated_at, first_seen_at, changed_at)
    select
        'bench:' || n, 'bench', n, n::text, 'bench:' || 1 + floor(:customers * power(hash.a, 1.5)), false,
        'bench:' || 1 + n % 2,
            case when n % 20 = 0 then 'canceled' when n % 50 = 1 then 'processing' else 'complete' end,
        'any', 'bench:' || n, case when n % 9 = 0 then 'CODE' || n % 40 end, 'flatrate_flatrate', 'EUR', 'EUR', 1,
        20 + n % 80, case when n % 9 = 0 then -2 else 0 end, 4, 5, 29 + n % 80,
        {NOW} - (1 - sqrt(n::float / :orders)) * interval '1095 days', now(), now(), now()
    from generate_series(1, :orders) as n
    cross join lateral (select abs(hashint8(n)::bigint) / 2147483648.0 as a) as hash
    """,  # noqa: S608 - made of names of our own
    """
    insert into crm.order_items (order_item_key, channel_code, order_key, product_key, order_item_id, order_id, sku,
        product_name, ordered_qty, refunded_qty, base_currency_code, base_row_total_amount, base_discount_amount,
        first_seen_at, changed_at)
    select
        'bench:' || 4 * n + line, 'bench', 'bench:' || n, 'bench:' || product, 4 * n + line, n, 'sku-' || product,
        'Product ' || product, 1, case when n % 25 = 1 and line = 0 then 1 else 0 end, 'EUR',
        case when line = 0 then 20 + n % 80 - lines.count + 1 else 1 end, 0, now(), now()
    from generate_series(1, :orders) as n
    cross join lateral (select 2 + n % 2 as count) as lines
    cross join lateral generate_series(0, lines.count - 1) as line
    cross join lateral (
        select 1 + floor(:products * power(abs(hashint8(4 * n + line)::bigint) / 2147483648.0, 2))::int as product
    ) as drawn
    """,
    """
    insert into crm.order_payments (order_payment_key, channel_code, order_key, order_id, payment_method,
        first_seen_at,
        changed_at)
    select order_key, 'bench', order_key, order_id, case order_id % 3 when 0 then 'paypal' else 'checkmo' end,
        now(), now()
    from crm.orders
    """,
    """
    insert into crm.order_addresses (order_address_key, channel_code, order_key, order_id, address_type,
        country_code,
        region, first_seen_at, changed_at)
    select order_key || ':' || kind, 'bench', order_key, order_id, kind,
        case order_id % 4 when 0 then 'AT' else 'DE' end,
        null, now(), now()
    from crm.orders cross join (values ('billing'), ('shipping')) as kinds (kind)
    """,
    """
    insert into crm.credit_memos (credit_memo_key, channel_code, order_key, credit_memo_id, order_id, store_key,
        base_currency_code, base_subtotal_amount, base_grand_total_amount, source_created_at, first_seen_at,
            changed_at)
    select order_key, 'bench', order_key, order_id, order_id, store_key, 'EUR', 10, 12,
        source_created_at + interval '5 days', now(), now()
    from crm.orders where order_id % 25 = 1
    """,
    """
    insert into crm.credit_memo_items (credit_memo_item_key, channel_code, credit_memo_key, order_item_key,
        product_key,
        credit_memo_item_id, credit_memo_id, sku, product_name, refunded_qty, base_currency_code,
            base_row_total_amount,
        first_seen_at, changed_at)
    select memos.credit_memo_key, 'bench', memos.credit_memo_key, items.order_item_key, items.product_key,
        memos.credit_memo_id, memos.credit_memo_id, items.sku, items.product_name, 1, 'EUR', 10, now(), now()
    from crm.credit_memos as memos inner join crm.order_items as items
        on 'bench:' || 4 * memos.order_id = items.order_item_key
    """,
    """
    insert into crm.carts (cart_key, channel_code, cart_id, customer_key, customer_id, is_guest, store_key,
        status, is_active, item_count, items_qty, customer_email, customer_email_normalised, base_currency_code,
            base_grand_total_amount,
        base_subtotal_amount, base_to_global_rate, global_currency_code, source_created_at, source_updated_at,
        first_seen_at, changed_at)
    select cart_key, 'bench', order_id, customer_key, split_part(customer_key, ':', 2)::bigint, false, store_key,
        'purchased', false, 2, 2, null, null, 'EUR',
        base_grand_total_amount, base_subtotal_amount, 1, 'EUR', source_created_at - interval '10 minutes',
        source_created_at, now(), now()
    from crm.orders
    union all
    select 'bench:' || :orders + order_id, 'bench', :orders + order_id, customer_key,
        split_part(customer_key, ':', 2)::bigint, false, store_key, 'open',
        true,
        2, 2, null, null, 'EUR', 30, 30, 1, 'EUR', source_created_at, source_created_at, now(), now()
    from crm.orders where order_id % 4 = 0
    """,
    """
    insert into crm.cart_items (cart_item_key, channel_code, cart_key, cart_item_id, cart_id, sku, product_name,
        item_qty, base_currency_code, base_price_amount, base_row_total_amount, first_seen_at, changed_at)
    select cart_key || ':' || line, 'bench', cart_key, 2 * cart_id + line, cart_id, 'sku-' || line,
        'Product ' || line, 1, 'EUR', 15, 15, now(), now()
    from crm.carts cross join generate_series(1, 2) as line
    where status = 'open' and source_created_at > timestamptz '2026-11-22 06:00Z' - interval '60 days'
    """,
    """
    insert into crm.customer_addresses (customer_address_key, channel_code, customer_key, customer_address_id,
        customer_id, is_default_billing, city, postcode, country_code, telephone, first_seen_at, changed_at)
    select customer_key, 'bench', customer_key, customer_id, customer_id, true, 'Town ' || customer_id % 999, '10115',
        'DE', '030 ' || customer_id, now(), now()
    from crm.customers where not is_guest
    """,
    """
    insert into crm.newsletter_subscribers (newsletter_subscriber_key, channel_code, newsletter_subscriber_id,
        customer_key,
        store_key, email, email_normalised, status, source_updated_at, first_seen_at, changed_at)
    select customer_key, 'bench', customer_id, customer_key, store_key, email, email_normalised,
        case customer_id % 9 when 3 then 'unsubscribed' else 'subscribed' end, source_created_at, now(), now()
    from crm.customers where customer_id % 3 = 0
    """,
)
# Nine of ten are of the last 30 days, as late changes of orders are.
_CHANGE = f"""
with picked as (
    (
        select order_key from crm.orders where source_created_at > {NOW} - interval '30 days'
        order by hashtext(order_key) limit :changed * 9 / 10
    )
    union all
    (
        select order_key from crm.orders where source_created_at <= {NOW} - interval '30 days'
        order by hashtext(order_key) limit :changed / 10
    )
),

changed as (
    update crm.orders set
        base_grand_total_amount = base_grand_total_amount + 1, base_subtotal_amount = base_subtotal_amount + 1
    from picked where orders.order_key = picked.order_key
    returning orders.order_key, orders.customer_key, orders.cart_key, orders.source_created_at
),

lines as (
    update crm.order_items set base_row_total_amount = base_row_total_amount + 1
    from changed
    where order_items.order_key = changed.order_key and order_items.order_item_id = 4 * order_items.order_id
)

insert into ops.touched (window_id, channel_code, subject, touched_key, touched_at)
select 1, 'bench', moved.subject, moved.touched_key, moved.touched_at
from changed
cross join lateral (
    values
    ('order', changed.order_key, null),
    ('customer', changed.customer_key, null),
    ('cart_of_order', changed.cart_key, null),
    ('order_created', null, date_trunc('hour', changed.source_created_at))
) as moved (subject, touched_key, touched_at)
"""  # noqa: S608 - made of names of our own


def make(engine: Engine, *, orders: int, customers: int) -> None:
    """Fill an empty, migrated warehouse."""
    sizes = {"orders": orders, "customers": customers, "products": min(PRODUCTS, orders)}
    for statement in _STATEMENTS:
        with engine.begin() as connection:
            connection.execute(text(statement), sizes)


def change_orders(engine: Engine, count: int) -> None:
    """Change so many orders, and record what a window would have recorded."""
    with engine.begin() as connection:
        connection.execute(text(_CHANGE), {"changed": count})
