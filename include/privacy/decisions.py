"""Forget an erased person in what people wrote about carts and orders: the words go, the steps stay.

Theirs is what is about a record of theirs, and whatever names an address of theirs.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, func, or_, select, update

from include.privacy.tables import ERASED_RECORDS
from include.privacy.tombstones import Tombstones
from include.warehouse.schema import PERSONAL
from include.workflows.tables import CART_TRANSITIONS, ORDER_CONTACTS, TASKS


def forget_words(connection: Connection, erasure: int, stones: Tombstones) -> Counter[str]:
    """Forget them in transitions of carts, contacts about orders and tasks, in the caller's transaction.

    Args:
        connection: after the erasure's records have been noted in ops.erased_records.
        erasure: its number.
        stones: the addresses of the person.

    Returns:
        Rows anonymised by table.
    """
    tasks = TASKS.c
    about: dict[Table, ColumnElement[bool]] = {
        CART_TRANSITIONS: _is_of("carts", CART_TRANSITIONS.c.cart_key, erasure),
        ORDER_CONTACTS: _is_of("orders", ORDER_CONTACTS.c.order_key, erasure),
        TASKS: or_(
            and_(tasks.subject == "cart", _is_of("carts", tasks.subject_key, erasure)),
            and_(tasks.subject == "order", _is_of("orders", tasks.subject_key, erasure)),
        ),
    }
    counts = {table.name: _forget(connection, table, whose, stones) for table, whose in about.items()}
    return +Counter(counts)


def _is_of(entity: str, key: Column[Any], erasure: int) -> ColumnElement[bool]:
    erased = ERASED_RECORDS.c
    theirs = select(erased.record_key).where(erased.entity == entity, erased.erasure_id == erasure)
    return key.in_(theirs)


def _forget(
    connection: Connection, table: Table, is_about_them: ColumnElement[bool], stones: Tombstones
) -> int:
    words = [column for column in table.c if column.info.get(PERSONAL)]
    (number,) = table.primary_key.columns
    content = func.concat_ws(" ", *words)
    naming = connection.execute(select(number, content).where(content.like("%@%")))
    named = [key for key, said in naming if stones.of_text(said)]
    is_written = func.num_nonnulls(*words) > 0
    statement = update(table).where(or_(is_about_them, number.in_(named)), is_written)
    return connection.execute(statement.values(dict.fromkeys(words))).rowcount
