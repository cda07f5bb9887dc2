"""A warehouse with tables and definitions, and rows put into it in few words.

Rows are given as in `given.yaml`: per table, only the columns a case is about; what a table needs besides is filled in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, Table, insert, select, text

from include.warehouse.everything import metadata
from tests.sync.migrated_warehouse import migrated_template

__all__ = ["migrated_template"]

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
Rows = Sequence[Mapping[str, Any]]
Given = Mapping[str, Rows]


@pytest.fixture
def warehouse(database: Engine) -> Engine:
    """An empty warehouse of this test's own."""
    return database


def add_rows(engine: Engine, given: Given) -> None:
    """Insert rows, by full table name; a window that a sync committed looks just so."""
    with engine.begin() as connection:
        for name, rows in given.items():
            for row in rows:
                connection.execute(insert(metadata.tables[name]), _complete(name, row))


def _complete(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    defaults: dict[str, Any] = {}
    if name == "ops.channels":
        defaults = {
            "channel_name": "A shop",
            "kind": "magento1",
            "timezone": "UTC",
            "reporting_currency_code": "EUR",
            "is_active": True,
            "updated_at": LONG_AGO,
        }
    elif name == "ops.touched":
        defaults = {"window_id": 1, "channel_code": "main"}
    elif name == "marketing.exports":
        defaults = {
            "file_name": f"{row['segment_name']}-{row['exported_at']}.csv",
            "profile": "generic_csv",
            "row_count": 0,
            "byte_count": 0,
            "sha256": "",
            "definition_hash": "",
            "checked_at": LONG_AGO,
        }
    elif name == "crm.order_contacts":
        channel = str(row["order_key"]).split(":", maxsplit=1)[0]
        defaults = {"channel_code": channel, "outcome": "reached", "made_by": "ada", "made_login": "ada"}
    elif name.startswith("crm."):
        key = next(iter(metadata.tables[name].primary_key)).name
        channel = str(row[key]).split(":", maxsplit=1)[0]
        defaults = {"channel_code": channel, "first_seen_at": LONG_AGO, "changed_at": LONG_AGO}
    return {**defaults, **row}


def rows_of(engine: Engine, query: str, **values: Any) -> list[dict[str, Any]]:
    """Rows of a query, as dictionaries."""
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(text(query), values).mappings()]


def all_rows(engine: Engine, name: str) -> list[dict[str, Any]]:
    """Rows of a report's or segment's table, given with its schema."""
    schema, table = name.split(".")
    return rows_of(engine, str(select(text("*")).select_from(Table(table, MetaData(), schema=schema))))
