"""The empty cart that an attempt before may have made without living to keep its id, found again where that is sure.

A new cart has no marker: it is empty and nobody's, not active in Magento 1 and active in Magento 2. So it is taken for
ours only where the store shows one such cart and no other within the hour before, made right after we asked. What a
newcomer would get wrong: to take the wrong one is worse than to leave ours behind. Somebody else's program would share
a cart with our customer; an empty cart of nobody harms nobody, and Magento's own clean-up takes it away.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

from include.entities.carts.cart import CARTS
from include.entities.catalogue import entity as entity_named
from include.entities.fields import StoreKind
from include.magento.door import Created, Record, children
from include.write_back.cart_content import lists_carts
from include.write_back.desk import Desk
from include.write_back.entry import Entry
from include.write_back.store_values import rows_of

ASKED_AT = "cart_asked_at"
"""Under this name an entry keeps when the store was asked for a cart, by the store's clock."""
_MADE_WITHIN = timedelta(minutes=2)  # a door's idea of that clock may be a minute old
_QUIET_BEFORE = timedelta(hours=1)
_STAMP = "%Y-%m-%d %H:%M:%S"
_PAGE = 100
_OTHERS = text(
    """
    select cast(result_json ->> 'cart_id' as bigint) from crm.outbox
    where channel_code = :channel and kind like 'cart%' and result_json ? 'cart_id' and outbox_id <> :outbox_id
    """
)
_ONE_BY_ONE = text("select pg_advisory_xact_lock(hashtextextended('lost cart:' || :channel, 0))")
_KEEP = text(
    """
    update crm.outbox
    set result_json = coalesce(result_json, '{}') || jsonb_build_object('cart_id', cast(:cart_id as bigint))
    where outbox_id = :outbox_id and state = 'sending' and attempt_count = :attempt
    """
)
log = logging.getLogger(__name__)


def find_lost_cart(desk: Desk, entry: Entry, store_id: int) -> int | None:
    """The id of the cart that an earlier attempt made, kept with the entry; None: there is none, or it is not sure.

    Raises:
        TransientError: the store cannot be asked just now, or another worker has taken the entry up.
    """
    asked_at = (entry.result_json or {}).get(ASKED_AT)
    if not entry.was_sent or asked_at is None:
        return None
    if not lists_carts(desk.door):
        log.warning("entry=%s may have left an empty cart in the store, which lists none", entry.outbox_id)
        return None
    asked = datetime.fromisoformat(asked_at)
    empty = list(_empty_carts(desk, entry, store_id, asked))
    mine = [number for number, made in empty if asked <= made]
    if len(empty) == len(mine) == 1 and _keep(desk, entry, mine[0]):
        log.info("entry=%s goes on with cart %s, which an attempt before made", entry.outbox_id, mine[0])
        return mine[0]
    if mine:
        log.warning("entry=%s may have left one of these empty carts in the store: %s", entry.outbox_id, mine)
    return None


def _empty_carts(desk: Desk, entry: Entry, store_id: int, asked: datetime) -> Iterator[tuple[int, datetime]]:
    """Empty carts of nobody, with when they were made; those that other entries made aside."""
    reading, kind = entity_named("carts").reading[desk.door.kind], desk.door.kind
    around = Created(since=asked - _QUIET_BEFORE, until=asked + _MADE_WITHIN)
    with desk.outbox.engine.connect() as connection:
        others = _of_others(connection, entry)
    for row in desk.door.rows(reading, around, page_size=_PAGE):
        if not isinstance(row, dict) or not _is_nobodys(row, store_id, kind):
            continue
        number, made = int(str(row[reading.id_field])), str(row.get("created_at") or "")
        if number not in others and made:
            yield number, datetime.strptime(made, _STAMP).replace(tzinfo=UTC)


def _keep(desk: Desk, entry: Entry, cart_id: int) -> bool:
    """Commit that the cart is this entry's; False: another entry or worker was faster."""
    values = {"cart_id": cart_id, "outbox_id": entry.outbox_id, "attempt": entry.attempt_count}
    with desk.outbox.engine.begin() as connection:
        connection.execute(_ONE_BY_ONE, {"channel": entry.channel_code})
        if cart_id in _of_others(connection, entry):
            return False
        return connection.execute(_KEEP, values).rowcount == 1


def _of_others(connection: Connection, entry: Entry) -> set[int]:
    """The carts that other entries of the channel made or changed."""
    values = {"channel": entry.channel_code, "outbox_id": entry.outbox_id}
    return set(connection.execute(_OTHERS, values).scalars())


def _is_nobodys(record: Record, store_id: int, kind: StoreKind) -> bool:
    (row,) = rows_of(CARTS, record, kind)
    is_owned = row["customer_id"] or row.get("customer_email")
    is_new = (row.get("is_active") in ("1", "true")) == (kind == "magento2")
    return row.get("store_id") == str(store_id) and is_new and not (is_owned or children(record, "items"))
