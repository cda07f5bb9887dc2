"""One at a time: whoever writes customers or what is made of them holds this lock until the transaction ends.

Customers, orders, carts and credit memos load side by side, each seeing only what the others have committed. The lock
comes before the first row of crm.customers is written, never after: with a row in hand, two loads would wait for each
other for ever.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

PEOPLE = "people"
_LOCK = text("select pg_advisory_xact_lock(hashtextextended(:name, 0))")


def hold(connection: Connection, name: str = PEOPLE) -> None:
    """Wait for the lock of that name and keep it until the transaction ends; held twice costs nothing."""
    connection.execute(_LOCK, {"name": name})
