"""Tables as they are declared: grain, columns, types, comments, and where a value stands in the store's record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql

from include.dictionary import markdown
from include.entities import catalogue
from include.entities.fields import Field, StoreKind
from include.warehouse.everything import metadata
from include.warehouse.schema import PERSONAL

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_HEAD = ("column", "type", "meaning", "Magento 1", "Magento 2", "kept")
_HISTORY_SUFFIX = "_history"


def section(schema: str, title: str, introduction: str) -> list[str]:
    """Every table of a schema, history tables in one line each."""
    lines = [f"## {title}", "", introduction, ""]
    for table in sorted(metadata.tables.values(), key=lambda one: one.name):
        if table.schema == schema:
            lines += _table(table)
    return lines


def _table(table: Table) -> list[str]:
    heading = [f"### {table.schema}.{table.name}", "", _sentence(table.comment), ""]
    if table.schema == "crm" and table.name.endswith(_HISTORY_SUFFIX):
        tracked = ", ".join(f"`{column.name}`" for column in table.columns)
        return [*heading, f"Columns: {tracked}.", ""]
    return heading + markdown.table(_HEAD if _fields(table) else _HEAD[:3], _rows(table))


def _rows(table: Table) -> Iterator[tuple[str, ...]]:
    fields = _fields(table)
    for column in table.columns:
        told = (f"`{column.name}`", _type(column), _sentence(column.comment))
        yield (*told, *_of_store(column, fields)) if fields else told


def _of_store(column: Column[Any], fields: dict[str, Field]) -> tuple[str, str, str]:
    field = fields.get(column.name)
    kept = ["personal"] if column.info.get(PERSONAL) else []
    kept += ["history"] if field and field.is_tracked else []
    new = [_place(field, "magento2"), field.differs if field else None]
    return _place(field, "magento1"), ": ".join(one for one in new if one), ", ".join(kept)


def _place(field: Field | None, kind: StoreKind) -> str:
    """Where the store has the value; nothing for what is computed, and for what it does not have."""
    source = field.source(kind) if field else ""
    return f"`{source}`" if source and field and field.magento1 else ""


def _fields(table: Table) -> dict[str, Field]:
    """The fields of a table that an entity declares, by column; empty for the others."""
    declared = (t for t in catalogue.tables() if table.schema == "crm" and t.name == table.name)
    return {field.name: field for t in declared for field in t.fields}


def _type(column: Column[Any]) -> str:
    return (
        column.type.compile(_DIALECT)
        .lower()
        .replace("timestamp with time zone", "timestamptz")
        .split(" collate")[0]
    )


def _sentence(comment: str | None) -> str:
    return (comment or "").strip()
