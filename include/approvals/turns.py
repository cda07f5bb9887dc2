"""One at a time works on a segment's files: the run by the clock and an answer that comes in between meet here.

The lock belongs to a database session and dies with it. A pooler in transaction mode would lose it: connect to the
server itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, exc, text

_TAKE = text("select pg_advisory_lock(hashtextextended(:turn, 0))")
_END = text("select pg_advisory_unlock(hashtextextended(:turn, 0))")


@contextmanager
def alone(engine: Engine, segment_name: str) -> Iterator[None]:
    """Wait until nobody else works on the files of a segment, and keep others waiting."""
    turn = {"turn": f"segment:{segment_name}"}
    # No transaction stays open meanwhile: it would keep dead rows of every table alive.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(_TAKE, turn)
        try:
            yield
        finally:
            try:
                connection.execute(_END, turn)
            except exc.DBAPIError:
                connection.invalidate()
