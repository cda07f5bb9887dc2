"""How Alembic meets our metadata; the connection is handed in by `include.warehouse.migrate`."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

import include.warehouse.everything  # noqa: F401 - declares every table on the metadata
from include.warehouse.ops_tables import Xid8
from include.warehouse.schema import SCHEMAS, metadata

OURS = frozenset(SCHEMAS) - {"staging"}
MADE_BY_CONTRACT = frozenset({"report", "marketing"})
"""Where tables also come from the contracts of reports and segments: those are not migrated."""


def _belongs(thing: Any, name: str | None, kind: str, is_reflected: bool, compared: object) -> bool:
    schema = thing.schema if kind == "table" else thing.table.schema
    if kind == "table" and schema in MADE_BY_CONTRACT and is_reflected and compared is None:
        return False
    table = name if kind == "table" else thing.table.name
    only = context.config.attributes.get("only")  # one entity's tables, when its migration is written
    return schema in OURS and table != "alembic_version" and (only is None or table in only)


def _render(kind: str, thing: Any, autogenerate: Any) -> str | Literal[False]:
    """Our own column types by name, with their import."""
    if kind == "type" and isinstance(thing, Xid8):
        autogenerate.imports.add("from include.warehouse.ops_tables import Xid8")
        return "Xid8()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_schemas=True,
    include_object=_belongs,
    version_table_schema="ops",
    render_item=_render,
    compare_type=True,
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
