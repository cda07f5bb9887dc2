"""Guests: customers made of the orders of people who never registered.

A guest's row is a pure function of crm.orders: computed anew for the guests that a window touched, so that neither the
order in which windows load nor a repetition can change it. The newest order's names and address count.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

_NEWEST = """
select distinct on (orders.customer_key)
    orders.customer_key,
    orders.channel_code,
    stores.website_key,
    orders.store_key,
    orders.channel_code || '\\:0' as customer_group_key,
    orders.customer_email as email,
    lower(btrim(normalize(orders.customer_email, nfc), e' \\t\\r\\n')) as email_normalised,
    orders.customer_prefix as name_prefix,
    coalesce(orders.customer_first_name, billing.first_name) as first_name,
    coalesce(orders.customer_middle_name, billing.middle_name) as middle_name,
    coalesce(orders.customer_last_name, billing.last_name) as last_name,
    orders.customer_suffix as name_suffix,
    orders.customer_birth_date as birth_date,
    orders.customer_tax_number as tax_number,
    0 as customer_group_id,
    stores.website_id,
    orders.store_id,
    split_part(orders.store_name, e'\\n', -1) as created_in,
    min(orders.source_created_at) over (partition by orders.customer_key) as source_created_at,
    max(orders.source_updated_at) over (partition by orders.customer_key) as source_updated_at
from crm.orders as orders
left join crm.stores as stores on orders.store_key = stores.store_key
left join crm.order_addresses as billing
    on orders.order_key = billing.order_key and billing.address_type = 'billing' and billing.deleted_at is null
where orders.customer_key = any(:keys) and orders.deleted_at is null
order by orders.customer_key, orders.source_created_at desc nulls last, orders.order_id desc
"""

_COLUMNS = (
    "customer_key channel_code website_key store_key customer_group_key email email_normalised name_prefix first_name "
    "middle_name last_name name_suffix birth_date tax_number customer_group_id website_id store_id created_in "
    "source_created_at source_updated_at"
).split()

_MERGE = f"""
insert into crm.customers as known
    ({", ".join(_COLUMNS)}, is_guest, first_seen_at, changed_at, window_id, row_hash)
select {", ".join(f"newest.{c}" for c in _COLUMNS)}, true, now(), now(), :window_id, hash_record_extended(newest, 0)
from ({_NEWEST}) as newest
on conflict (customer_key) do update set
    {", ".join(f"{c} = excluded.{c}" for c in _COLUMNS if c != "customer_key")},
    is_guest = true, deleted_at = null, changed_at = now(),
    window_id = excluded.window_id, row_hash = excluded.row_hash
where known.row_hash is distinct from excluded.row_hash or known.deleted_at is not null
returning (xmax = 0)
"""

# Whoever has no order left is no guest any more.
_GONE = """
update crm.customers set deleted_at = now(), changed_at = now(), window_id = :window_id
where customer_key = any(:keys) and is_guest and deleted_at is null
and not exists (
    select from crm.orders
    where orders.customer_key = customers.customer_key and orders.deleted_at is null
)
"""

_TOUCHED = """
select distinct touched_key from ops.touched
where window_id = :window_id and subject = 'customer' and touched_key like :guests
"""


def upsert_guests(connection: Connection, *, window_id: int, channel_code: str) -> dict[str, int]:
    """Bring the guests of the orders that a window changed up to date, in the window's transaction.

    Returns:
        Numbers of guests inserted, updated and deleted.
    """
    guests = {"window_id": window_id, "guests": f"{channel_code}:guest:%"}
    keys = list(connection.execute(text(_TOUCHED), guests).scalars())
    if not keys:
        return {"inserted": 0, "updated": 0, "deleted": 0}
    merged = list(connection.execute(text(_MERGE), {"keys": keys, "window_id": window_id}).scalars())
    gone = connection.execute(text(_GONE), {"keys": keys, "window_id": window_id}).rowcount
    return {"inserted": sum(merged), "updated": len(merged) - sum(merged), "deleted": gone}
