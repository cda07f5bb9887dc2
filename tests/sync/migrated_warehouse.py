"""A database of this version's shape to copy tests' databases from: import the fixture where tables are wanted.

Migrating takes seconds and copying milliseconds, so each process migrates once, however many folders ask for it.
"""

from __future__ import annotations

from uuid import uuid4

import pytest

from include.warehouse.engine import open_engine
from include.warehouse.migrate import upgrade
from include.warehouse.server import EmbeddedServer

_made: list[str] = []


@pytest.fixture(scope="session")
def migrated_template(postgres: EmbeddedServer) -> str:
    """Name of a migrated database that nobody is connected to."""
    if not _made:
        name = f"migrated_{uuid4().hex[:8]}"
        postgres.ensure_database(name)
        engine = open_engine(postgres.url(name))
        upgrade(engine)
        engine.dispose()
        _made.append(name)
    return _made[0]
