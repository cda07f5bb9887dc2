"""Addresses of nobody, and their hashes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, text

from include.identity.guest_keys import GuestKeys
from include.suppressions.probe import suppressed
from include.suppressions.suppressing import OptOut

KEYS = GuestKeys(b"the same in every test")
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def hashed(name: str) -> str:
    return KEYS.email_hash(f"{name}@example.com")


def opt_out(name: str, reason: str = "unsubscribed", at: datetime | None = None) -> OptOut:
    return OptOut(hashed(name), reason, at)


def held_back(engine: Engine, *names: str, channel: str = "us") -> set[str]:
    """Those of the people who may not be written to."""
    with engine.connect() as connection:
        found = suppressed(connection, [hashed(name) for name in names], channel)
    return {name for name in names if hashed(name) in found}


def rows(engine: Engine, statement: str) -> list[Any]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]
