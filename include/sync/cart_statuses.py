"""What became of each cart: `crm.carts.status`, judged anew whenever a cart or an order of it arrives.

Only the carts that the window touched are looked at. Whichever comes first, cart or order, the status is the same in
the end: carts and orders of a channel are judged one after the other, never at the same time.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from include.sync import ledger

KEPT = ("lost", "converted_to_opportunity")
"""Set by the CRM side; they stay until the store closes the cart."""

_CHANGED = """
create temp table changed_carts on commit drop as
with touched as (
    select touched_key collate "C" as cart_key, bool_or(subject = 'cart') as is_known
    from ops.touched
    where transaction_id = pg_current_xact_id() and subject in ('cart', 'cart_of_order')
    group by touched_key
),
made_by_us as (
    select distinct result_json ->> 'new_key' as cart_key from crm.outbox
    where channel_code = :channel_code and kind in ('cart_create', 'cart_create_for_guest')
),
judged as (
    select carts.cart_key, carts.customer_key, carts.status as was, carts.last_open_at, carts.first_seen_at,
        touched.is_known, case
        when exists (select from crm.orders where orders.cart_key = carts.cart_key) then 'purchased'
        when carts.deleted_at is not null then 'expired'
        -- A cart that the API made is not active from the start.
        when not carts.is_active and made_by_us.cart_key is null then 'expired'
        when carts.status = any(:kept) then carts.status
        else 'open'
    end as status
    from touched
    inner join crm.carts as carts on touched.cart_key = carts.cart_key
    left join made_by_us on carts.cart_key = made_by_us.cart_key collate "C"
)
select * from judged where status is distinct from was
"""

# The merge may have kept the same version a moment ago, for another column.
_HISTORY = """
insert into crm.carts_history (cart_key, valid_from, valid_to, status, last_open_at, window_id)
select
    changed.cart_key,
    coalesce(
        (select max(valid_to) from crm.carts_history as older where older.cart_key = changed.cart_key),
        changed.first_seen_at
    ),
    now(), changed.was, changed.last_open_at, :window_id
from changed_carts as changed
where changed.was is not null
on conflict do nothing
"""

_UPDATE = """
update crm.carts as carts set status = changed.status, changed_at = now(), window_id = :window_id
from changed_carts as changed where carts.cart_key = changed.cart_key
"""

_TOUCH = """
insert into ops.touched (window_id, channel_code, subject, touched_key)
select :window_id, :channel_code, 'cart', cart_key from changed_carts where not is_known
union all
select distinct :window_id, :channel_code, 'customer', customer_key from changed_carts
where not is_known and customer_key is not null
"""


def upsert_cart_statuses(connection: Connection, *, window_id: int, channel_code: str) -> dict[str, int]:
    """Judge the carts anew that a window of carts or orders touched, in the window's transaction.

    Returns:
        Numbers of carts updated; none is inserted or deleted.
    """
    # Held by every load of carts from its beginning: a lock taken only here would wait for rows that a load of carts
    # holds while that load waits for the lock.
    ledger.hold(connection, channel_code, "carts")
    window = {"window_id": window_id, "channel_code": channel_code}
    connection.execute(text(_CHANGED), {"kept": list(KEPT), "channel_code": channel_code})
    connection.execute(text(_HISTORY), window)
    updated = connection.execute(text(_UPDATE), window).rowcount
    connection.execute(text(_TOUCH), window)
    connection.execute(text("drop table changed_carts"))
    return {"inserted": 0, "updated": updated, "deleted": 0}
