"""The warehouse before the first task: reachable, and of this version's shape."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from include.settings import Settings
from include.warehouse.engine import open_engine, warehouse_url
from include.warehouse.migrate import CONNECTION_VARIABLE, upgrade


def migrate_warehouse(settings: Settings) -> None:
    """Start the embedded server where it is the warehouse, and bring tables and views up to date.

    Raises:
        SyncError: it does not answer or does not let us in.
    """
    with open_local_warehouse(settings) as engine:
        upgrade(engine)


@contextmanager
def open_local_warehouse(settings: Settings) -> Iterator[Engine]:
    """The warehouse as a command sees it, without Airflow: by the variable of its connection, else embedded.

    Raises:
        SyncError: it does not answer or does not let us in.
    """
    engine = open_engine(warehouse_url(os.environ.get(CONNECTION_VARIABLE), settings))
    try:
        yield engine
    finally:
        engine.dispose()
