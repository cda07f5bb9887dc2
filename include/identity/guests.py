"""Guests: customers made of the orders and carts of people who never registered.

A guest's row is a pure function of crm.orders and crm.carts: computed anew for the guests that a window touched, so
that neither the order in which windows load nor a repetition can change it. The newest order's names and address count;
of who has ordered nothing yet, the newest cart's, also when the store has cleaned it away.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from include.entities.customers import CUSTOMERS
from include.identity.lock import hold
from include.warehouse.schema import history_columns

_NEWEST = """
create temp table newest_guests on commit drop as
with buyers as (
    select
        orders.customer_key,
        orders.channel_code,
        1 as rank,
        orders.order_id as number,
        orders.store_key,
        orders.store_id,
        orders.customer_email,
        orders.customer_email_normalised,
        orders.customer_prefix,
        coalesce(orders.customer_first_name, billing.first_name) as first_name,
        coalesce(orders.customer_middle_name, billing.middle_name) as middle_name,
        coalesce(orders.customer_last_name, billing.last_name) as last_name,
        orders.customer_suffix,
        orders.customer_birth_date,
        orders.customer_tax_number,
        orders.store_name,
        orders.source_created_at,
        orders.source_updated_at
    from crm.orders as orders
    -- By its key, which is unique: by order and type the planner cannot tell how many there are.
    left join crm.order_addresses as billing
        on orders.order_key || '\\:billing' = billing.order_address_key and billing.deleted_at is null
    where orders.customer_key in (select customer_key from touched_guests) and orders.deleted_at is null
    union all
    select
        carts.customer_key,
        carts.channel_code,
        2 as rank,
        carts.cart_id as number,
        carts.store_key,
        carts.store_id,
        carts.customer_email,
        carts.customer_email_normalised,
        carts.customer_prefix,
        coalesce(carts.customer_first_name, billing.first_name) as first_name,
        coalesce(carts.customer_middle_name, billing.middle_name) as middle_name,
        coalesce(carts.customer_last_name, billing.last_name) as last_name,
        carts.customer_suffix,
        carts.customer_birth_date,
        carts.customer_tax_number,
        null as store_name,
        carts.source_created_at,
        carts.source_updated_at
    from crm.carts as carts
    -- The addresses of a cart that is gone went with it, and are the last that was heard.
    left join crm.cart_addresses as billing
        on carts.cart_key || '\\:billing' = billing.cart_address_key
        and (billing.deleted_at is null or carts.deleted_at is not null)
    where carts.customer_key in (select customer_key from touched_guests)
)
select distinct on (buyers.customer_key)
    buyers.customer_key,
    buyers.channel_code,
    stores.website_key,
    buyers.store_key,
    buyers.channel_code || '\\:0' as customer_group_key,
    buyers.customer_email as email,
    buyers.customer_email_normalised as email_normalised,
    buyers.customer_prefix as name_prefix,
    buyers.first_name,
    buyers.middle_name,
    buyers.last_name,
    buyers.customer_suffix as name_suffix,
    buyers.customer_birth_date as birth_date,
    buyers.customer_tax_number as tax_number,
    0 as customer_group_id,
    stores.website_id,
    buyers.store_id,
    split_part(buyers.store_name, e'\\n', -1) as created_in,
    -- Of carts, too: accounts are called after their oldest customer, and nobody becomes younger by ordering.
    min(buyers.source_created_at) over (partition by buyers.customer_key) as source_created_at,
    max(buyers.source_updated_at) over (partition by buyers.customer_key, buyers.rank) as source_updated_at
from buyers
left join crm.stores as stores on buyers.store_key = stores.store_key
order by buyers.customer_key, buyers.rank, buyers.source_created_at desc nulls last, buyers.number desc
"""

_COLUMNS = (
    "customer_key channel_code website_key store_key customer_group_key email email_normalised name_prefix first_name "
    "middle_name last_name name_suffix birth_date tax_number customer_group_id website_id store_id created_in "
    "source_created_at source_updated_at"
).split()

_MERGE = f"""
insert into crm.customers as known
    ({", ".join(_COLUMNS)}, is_guest, account_key, contact_key, owner_name,
    first_seen_at, changed_at, window_id, row_hash)
select
    {", ".join(f"newest.{c}" for c in _COLUMNS)},
    true,
    newest.customer_key,
    newest.customer_key,
    (select channels.default_owner from ops.channels as channels where channels.channel_code = newest.channel_code),
    now(),
    now(),
    :window_id,
    hash_record_extended(newest, 0)
from newest_guests as newest
on conflict (customer_key) do update set
    {", ".join(f"{c} = excluded.{c}" for c in _COLUMNS if c != "customer_key")},
    is_guest = true, deleted_at = null, changed_at = now(),
    window_id = excluded.window_id, row_hash = excluded.row_hash
where known.row_hash is distinct from excluded.row_hash or known.deleted_at is not null
returning (xmax = 0) as is_new
"""  # noqa: S608 - made of names of our own

_COUNTED = f"""
with merged as ({_MERGE})
select count(*) filter (where is_new) as inserted, count(*) filter (where not is_new) as updated from merged
"""  # noqa: S608 - made of names of our own

_TRACKED = history_columns(CUSTOMERS)
_HISTORY = f"""
insert into crm.customers_history (customer_key, valid_from, valid_to, {", ".join(_TRACKED)}, window_id)
select
    known.customer_key,
    coalesce(
        (select max(valid_to) from crm.customers_history as older where older.customer_key = known.customer_key),
        known.first_seen_at
    ),
    now(),
    {", ".join(f"known.{c}" for c in _TRACKED)},
    :window_id
from newest_guests as newest
inner join crm.customers as known on newest.customer_key = known.customer_key
where ({", ".join(f"known.{c}" for c in _TRACKED)}) is distinct from ({", ".join(f"newest.{c}" for c in _TRACKED)})
"""  # noqa: S608 - made of names of our own

# Whoever has neither order nor cart left is no guest any more.
_GONE = """
update crm.customers set deleted_at = now(), changed_at = now(), window_id = :window_id
where customer_key in (select customer_key from touched_guests) and is_guest and deleted_at is null
and not exists (
    select from crm.orders
    where orders.customer_key = customers.customer_key and orders.deleted_at is null
)
and not exists (select from crm.carts where carts.customer_key = customers.customer_key)
"""

# A table, not a list of parameters: a first load touches a hundred thousand guests. Found by the transaction, which has
# an index: months of windows leave millions of entries.
_TOUCHED = """
create temp table touched_guests on commit drop as
select distinct touched_key collate "C" as customer_key from ops.touched
where
    transaction_id = pg_current_xact_id() and window_id = :window_id and subject = 'customer'
    and touched_key like :guests
"""


# A guest's website is told by the store view, which may reach the warehouse after the order.
_MOVED = """
create temp table touched_guests on commit drop as
select customers.customer_key
from crm.customers as customers
inner join crm.stores as stores on customers.store_key = stores.store_key
where
    customers.channel_code = :channel_code and customers.is_guest
    and (customers.website_key, customers.website_id) is distinct from (stores.website_key, stores.website_id)
"""

_TOUCH = """
insert into ops.touched (window_id, channel_code, subject, touched_key)
select :window_id, :channel_code, 'customer', customer_key from touched_guests
"""


def upsert_guests(connection: Connection, *, window_id: int, channel_code: str) -> dict[str, int]:
    """Bring the guests of the orders or carts that a window changed up to date, in the window's transaction.

    Returns:
        Numbers of guests inserted, updated and deleted.
    """
    hold(connection)
    guests = {"window_id": window_id, "guests": f"{channel_code}:guest:%"}
    return _brought_up_to_date(connection, window_id, connection.execute(text(_TOUCHED), guests).rowcount)


def upsert_guests_of_stores(connection: Connection, *, window_id: int, channel_code: str) -> dict[str, int]:
    """Bring the guests up to date whose store view is new or moved to another website; else as above."""
    channel = {"channel_code": channel_code}
    hold(connection)
    count = connection.execute(text(_MOVED), channel).rowcount
    connection.execute(text(_TOUCH), {"window_id": window_id, **channel})
    return _brought_up_to_date(connection, window_id, count)


def _brought_up_to_date(connection: Connection, window_id: int, count: int) -> dict[str, int]:
    """Make the rows of `touched_guests`, so many, anew; the table is dropped."""
    outcome = {"inserted": 0, "updated": 0, "deleted": 0}
    if count:
        connection.execute(text("analyze touched_guests"))
        connection.execute(text(_NEWEST))
        connection.execute(text(_HISTORY), {"window_id": window_id})
        merged = connection.execute(text(_COUNTED), {"window_id": window_id}).one()
        gone = connection.execute(text(_GONE), {"window_id": window_id}).rowcount
        outcome = {"inserted": merged.inserted, "updated": merged.updated, "deleted": gone}
    connection.execute(text("drop table if exists touched_guests, newest_guests"))
    return outcome
