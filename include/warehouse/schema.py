"""The shape of the warehouse: crm tables derived from the entities, beside the tables of the other schemas.

Migrations are written from this (`alembic revision --autogenerate`) and a test compares the two, so a change here
without a migration fails.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    Index,
    MetaData,
    Numeric,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from include.entities import model
from include.entities.catalogue import tables as entity_tables
from include.entities.fields import Field, Kind
from include.identity.tables import IDENTITY_TABLES

SCHEMAS = ("crm", "report", "marketing", "ops", "staging")
# Keys are compared byte by byte: equality is all that is asked of them, and it is a tenth faster than a locale's order.
KEY = Text(collation="C")
INSTANT = DateTime(timezone=True)
SQL_TYPES: dict[Kind, Any] = {
    Kind.TEXT: Text(),
    Kind.KEY: KEY,
    Kind.INTEGER: BigInteger(),
    Kind.AMOUNT: Numeric(20, 4),
    Kind.QUANTITY: Numeric(20, 4),
    Kind.RATE: Numeric(20, 8),
    Kind.PERCENT: Numeric(12, 4),
    Kind.INSTANT: INSTANT,
    Kind.DAY: Date(),
    Kind.FLAG: Boolean(),
    Kind.JSON: JSONB(),
}
PERSONAL = "personal"

metadata = MetaData(
    naming_convention={"pk": "%(table_name)s_pkey", "ix": "%(table_name)s_%(column_0_N_name)s_idx"}
)


def content_columns(table: model.Table) -> list[Column[Any]]:
    """What the store says: key, references, fields, and the store's own stamps."""
    references = table.all_references()
    return [
        Column(table.key_column, KEY, primary_key=True, comment=_key_comment(table)),
        Column("channel_code", Text, nullable=False, comment="The channel the row came through."),
        *(Column(r.name, KEY, comment=f"{r.comment} Key of crm.{r.table}.") for r in references),
        *(_column(f) for f in table.fields),
        Column(
            "source_created_at",
            INSTANT,
            comment="When the store made it (UTC). NULL where the store has no date.",
        ),
        Column(
            "source_updated_at",
            INSTANT,
            comment="When the store last changed it (UTC). NULL: the store keeps none.",
        ),
    ]


def _key_comment(table: model.Table) -> str:
    return table.key_comment or f"<channel>:{':'.join(table.key)}."


def _column(field: Field) -> Column[Any]:
    info = {PERSONAL: field.is_personal}
    return Column(field.name, SQL_TYPES[field.kind], comment=field.comment, info=info)


def _bookkeeping() -> list[Column[Any]]:
    return [
        Column("first_seen_at", INSTANT, nullable=False, comment="When it first reached the warehouse."),
        Column(
            "changed_at", INSTANT, nullable=False, comment="When its content last changed in the warehouse."
        ),
        Column("deleted_at", INSTANT, comment="When it was found gone from the store. NULL: it is there."),
        Column("window_id", BigInteger, comment="The window of ops.windows that last changed it."),
        Column(
            "row_hash",
            BigInteger,
            comment="Fingerprint of the content, to tell changed rows from equal ones.",
        ),
    ]


def _gone_flag(table: model.Table) -> list[Column[Any]]:
    if table.gone_flag is None:
        return []
    meaning = "Whether it is gone from its record: deleted_at says since when."
    computed = Computed("deleted_at IS NOT NULL", persisted=True)
    return [Column(table.gone_flag, Boolean, computed, nullable=False, comment=meaning)]


def _owner(table: model.Table) -> list[Column[Any]]:
    comment = "Who looks after it: the channel's default_owner when it arrived, or the first there was. NULL: nobody."
    return [Column("owner_name", Text, comment=comment)] if table.has_owner else []


def _crm_table(table: model.Table) -> Table:
    *content, created, updated = content_columns(table)
    own = [*map(_column, table.own_keys), *_owner(table), *_gone_flag(table)]
    columns = [*content, *own, created, updated, *_bookkeeping()]
    built = Table(table.name, metadata, *columns, schema="crm", comment=table.grain)
    if table.parent and table.parent.ids != table.key:  # else the primary key holds the same values
        Index(None, built.c[table.parent.name])
    for column in table.indexes:
        Index(None, built.c[column])
    return built


def history_columns(table: model.Table) -> tuple[str, ...]:
    """Columns whose superseded values are kept."""
    return tuple(f.name for f in table.fields if f.is_tracked)


def _history_table(table: model.Table) -> Table:
    kinds = {f.name: f for f in table.fields}
    return Table(
        f"{table.name}_history",
        metadata,
        Column(table.key_column, KEY, primary_key=True, comment=f"Key of crm.{table.name}."),
        Column("valid_from", INSTANT, nullable=False, comment="Since when these values were known."),
        Column("valid_to", INSTANT, primary_key=True, comment="When they were superseded."),
        *(_column(kinds[name]) for name in history_columns(table)),
        Column("window_id", BigInteger, comment="The window of ops.windows that superseded them."),
        schema="crm",
        comment=f"One row per superseded version of a row of crm.{table.name}; only tracked columns.",
    )


CRM: dict[str, Table] = {t.name: _crm_table(t) for t in (*entity_tables(), *IDENTITY_TABLES)}
HISTORY: dict[str, Table] = {t.name: _history_table(t) for t in entity_tables() if t.has_history}
