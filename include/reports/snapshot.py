"""One snapshot for many statements: what is read, and what is said of it, belong together.

The snapshot is taken by the first statement, not when the block begins: what has to wait for others waits before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine


@contextmanager
def snapshot(engine: Engine, *, is_readonly: bool = False) -> Iterator[Connection]:
    """A transaction (repeatable read) that is committed when the block ends well."""
    with engine.connect() as plain:
        connection = plain.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=is_readonly
        )
        with connection.begin():
            yield connection
