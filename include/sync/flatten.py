"""Records to flat typed frames, one per table, child rows with their parent's key.

A cell that cannot be read, or a missing required value, marks the whole record: it waits in quarantine with its
children, the others go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from include.entities.fields import Kind, StoreKind
from include.entities.model import Context, Entity, Reference, Row, Table
from include.magento.door import Record
from include.sync.casting import Column, cast_rows

ROOT = "root_key"
"""Column of every frame that says which record a row belongs to; it is not loaded."""
STAMPS = ("source_created_at", "source_updated_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a record, by its position in the page, cannot load."""

    record: int
    table: str
    column: str
    rule: str


@dataclass(slots=True, kw_only=True)
class Flattened:
    """The frames of some records.

    Attributes:
        frames: typed frame by table name.
        keys: root key of each record, None where it has none.
        refusals: what is wrong with which record.
        unknown: fields nobody declared, with how often they came.
    """

    frames: dict[str, pa.Table]
    keys: list[str | None]
    refusals: list[Refusal] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)


def flatten(records: Sequence[Record], entity: Entity, kind: StoreKind, context: Context) -> Flattened:
    """Map and type records; never raises for what a record holds."""
    flat = Flattened(frames={}, keys=_root_keys(records, entity, kind, context))
    for table in entity.tables:
        _add_frame(flat, records, table, kind, context)
    return flat


def _root_keys(
    records: Sequence[Record], entity: Entity, kind: StoreKind, context: Context
) -> list[str | None]:
    if entity.is_snapshot:
        return [f"{context.channel_code}:{entity.name}"] * len(records)
    id_field = entity.reading[kind].id_field
    ids = (record.get(id_field) for record in records)
    return [f"{context.channel_code}:{value}" if isinstance(value, str) else None for value in ids]


def _add_frame(
    flat: Flattened, records: Sequence[Record], table: Table, kind: StoreKind, context: Context
) -> None:
    rows: list[Row] = []
    owners: list[int] = []
    for position, record in enumerate(records):
        mine = list(table.rows[kind](record, context))
        rows += mine
        owners += [position] * len(mine)
    flat.unknown.update(_unknown(rows, table, kind))
    typed, stamps = _typed(flat, rows, owners, table, kind)
    columns = {
        ROOT: pa.array([flat.keys[owner] for owner in owners], pa.string()),
        table.key_column: _key(table.key, typed, context.channel_code, len(rows)),
        "channel_code": pa.array([context.channel_code] * len(rows), pa.string()),
        **{r.name: _reference(r, typed, context.channel_code, len(rows)) for r in table.all_references()},
        **typed,
        **stamps,
    }
    flat.frames[table.name] = pa.table(columns)


def _typed(
    flat: Flattened, rows: Sequence[Row], owners: Sequence[int], table: Table, kind: StoreKind
) -> tuple[dict[str, pa.Array], dict[str, pa.Array]]:
    """The table's fields, and its stamps."""
    columns = _cast(rows, table, kind)
    for name, (_, bad) in columns.items():
        for position in bad:
            _refuse(flat, owners[position], table, name, "value_is_unreadable")
    for field_ in table.fields:
        array = columns[field_.name][0]
        if field_.is_required and array.null_count:
            for position in pc.indices_nonzero(array.is_null()).to_pylist():
                _refuse(flat, owners[position], table, field_.name, "required_value_is_missing")
    arrays = {name: array for name, (array, _) in columns.items()}
    stamps = {name: arrays.pop(name) for name in STAMPS}
    return arrays, stamps


def _cast(rows: Sequence[Row], table: Table, kind: StoreKind) -> dict[str, Column]:
    """Every column of a table, in the order of its fields, the stamps last."""
    wanted = {f.name: (f.source(kind), f.kind) for f in table.fields}
    for name, stamp in zip(STAMPS, (table.created, table.updated), strict=True):
        wanted[name] = (stamp.get(kind, ""), Kind.INSTANT)  # no row has a value without a name
    return cast_rows(rows, wanted)


def _refuse(flat: Flattened, record: int, table: Table, column: str, rule: str) -> None:
    flat.refusals.append(Refusal(record=record, table=table.name, column=column, rule=rule))


def _key(names: Sequence[str], typed: dict[str, pa.Array], channel: str, length: int) -> pa.Array:
    """`<channel>:<id>[:<id>]`; NULL where an id is."""
    if not length:
        return pa.array([], pa.string())
    parts = [typed[name].cast(pa.string()) for name in names]
    return pc.binary_join_element_wise(pa.scalar(channel), *parts, ":")


def _reference(reference: Reference, typed: dict[str, pa.Array], channel: str, length: int) -> pa.Array:
    return _key(reference.ids, typed, channel, length)


def _unknown(rows: Sequence[Row], table: Table, kind: StoreKind) -> Counter[str]:
    known = {f.source(kind) for f in table.fields} | {f.name for f in table.fields} | table.ignored
    known |= {table.created.get(kind, ""), table.updated.get(kind, "")}
    strange = set[str]().union(*rows) - known
    return Counter({f"{table.name}.{name}": sum(name in row for row in rows) for name in strange})
