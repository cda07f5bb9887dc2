"""The store's list against the warehouse, range of ids by range: what is missing, gone, or not as the list has it.

No date decides what is looked at, so this finds what reading by date cannot: records without a date, deletions, and
changes that move no stamp but show in the list (a deleted customer leaves the orders without one). Memory follows a
range and the differences, not the shop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Boolean, DateTime, TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from include.entities.catalogue import entity as entity_named
from include.entities.model import Entity
from include.magento.door import IdRange, Ids, Record, Unreadable
from include.sync.by_id import ById
from include.sync.compared import Compared
from include.sync.flatten import flatten
from include.sync.scope import wanted_records
from include.sync.window import WindowKind

if TYPE_CHECKING:
    import pyarrow as pa

IDS_PER_RANGE = 5000
"""Some calls' worth of rows: 25 MB of orders as the core list has them."""
IDS_PER_QUESTION = 200
"""Ids in one question about single records, as many as the bridge's cart list answers in bearable time."""

# A row that a sync loads while the list is under way is not in the list, and not gone either.
_COMPARE = """
with listed as (
    select * from unnest(:ids, :is_read, :stamps{arrays}) as listed (id, is_read, stamped_at{columns})
), known as (
    select "{id}" as id, source_updated_at as stamped_at, deleted_at, changed_at{columns}
    from crm."{table}"
    where "{key}" = any(array(select :channel || ':' || n from generate_series(:low + 1, :high) as n))
), waiting as (
    select cast(split_part(record_key, ':', 2) as bigint) as id from ops.quarantine
    where channel_code = :channel and entity = :entity and resolved_at is null
    and record_key = any(array(select :channel || ':' || n from generate_series(:low + 1, :high) as n))
)
select
    count(*) filter (where known.id is not null and known.deleted_at is null) as warehouse_count,
    count(*) filter (where waiting.id is not null) as waiting_count,
    count(*) filter (where listed.is_read and known.id is null and not ({ours})) as foreign_count,
    array_agg(id order by id) filter (
        where listed.id is not null and waiting.id is null
        and (known.deleted_at is not null or known.id is null and (not listed.is_read or {ours}))
    ) as missing,
    array_agg(id order by id) filter (
        where listed.id is null and waiting.id is null and known.deleted_at is null and known.changed_at < :began_at
    ) as gone,
    array_agg(id order by id) filter (
        where {on_both_sides} and listed.stamped_at is null and known.stamped_at is null
    ) as undated,
    array_agg(id order by id) filter (where {on_both_sides} and ({differs})) as differing,
    array_agg(id order by id) filter (where {on_both_sides}) as known
from listed full join known using (id) left join waiting using (id)
"""
_ON_BOTH_SIDES = "listed.is_read and known.id is not null and known.deleted_at is null and waiting.id is null"
# Where only details tell the website, a record belongs where its parent does: asking for each would cost a call.
_HAS_PARENT = """exists (
    select from crm."{table}" as parent where parent."{key}" = :channel || ':' || listed."{column}"
)"""
# A list that sends no date of change says nothing about changes.
_STAMP_DIFFERS = "listed.stamped_at is not null and listed.stamped_at is distinct from known.stamped_at"


@dataclass(slots=True)
class _Range:
    """What the list has of a range.

    Attributes:
        rows: of the channel's websites.
        broken: ids of records that are there and that the store cannot list.
        old: ids of rows made before the channel's start date.
        outside: how many records are of other websites.
    """

    rows: list[Record] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    old: set[int] = field(default_factory=set)
    outside: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Compares one channel's entity."""

    reader: ById
    entity: Entity
    ids_per_range: int = IDS_PER_RANGE

    def ranges(self) -> Iterator[Compared[int]]:
        """Every range of ids, from the lowest to the greatest that store or warehouse has."""
        greatest = max(self.reader.door.greatest_id(self._reading), self._greatest_known())
        for low in range(0, greatest, self.ids_per_range):
            yield self.range(low, min(low + self.ids_per_range, greatest))

    def range(self, low: int, high: int) -> Compared[int]:
        """One range of ids."""
        with self.reader.engine.connect() as connection:
            began_at = connection.execute(text("select now()")).scalar_one()
        listed = self._listed(low, high)
        found = self._found(listed, low, high, began_at)
        missing = tuple(found["missing"] or ())
        return Compared(
            low=low,
            high=high,
            store_count=len(listed.rows) + len(listed.broken) - found["foreign_count"],
            warehouse_count=found["warehouse_count"],
            waiting_count=found["waiting_count"],
            outside_count=listed.outside + found["foreign_count"],
            too_old_count=len(listed.old.intersection(missing)),
            missing=tuple(number for number in missing if number not in listed.old),
            gone=tuple(found["gone"] or ()),
            undated=tuple(found["undated"] or ()),
            differing=tuple(found["differing"] or ()),
            known=tuple(found["known"] or ()),
        )

    def read(self, ids: Iterable[int]) -> int:
        """Read these records again, newest first; how many rows changed."""
        return self.reader.read(self.entity, WindowKind.SWEEP, sorted(ids, reverse=True))

    def still_listed(self, ids: Iterable[int]) -> set[int]:
        """Those of these ids that the store has for the channel, asked for by id."""
        asked, is_ours = sorted(set(ids)), self._wanted(of_any_day=True)
        there: set[int] = set()
        for start in range(0, len(asked), IDS_PER_QUESTION):
            some = Ids(ids=tuple(asked[start : start + IDS_PER_QUESTION]))
            rows = self.reader.door.rows(self._reading, some, page_size=self._page_size)
            there |= {self._id(row) for row in rows if isinstance(row, Unreadable) or is_ours(row)}
        return there

    def known_count(self) -> int:
        """Rows of the channel that are not marked deleted."""
        root = self.entity.root
        statement = f"""
        select count("{root.key[0]}") from crm."{root.name}" where channel_code = :channel and deleted_at is null
        """  # noqa: S608 - names of our own
        with self.reader.engine.connect() as connection:
            return int(
                connection.execute(text(statement), {"channel": self.reader.channel.code}).scalar_one()
            )

    @property
    def _reading(self) -> Any:
        return self.entity.reading[self.reader.channel.kind]

    @property
    def _page_size(self) -> int:
        return self.reader.channel.limits.page_size

    def _greatest_known(self) -> int:
        root = self.entity.root
        statement = f'select max("{root.key[0]}") from crm."{root.name}" where channel_code = :channel'  # noqa: S608
        with self.reader.engine.connect() as connection:
            found = connection.execute(text(statement), {"channel": self.reader.channel.code})
            return int(found.scalar_one() or 0)

    def _listed(self, low: int, high: int) -> _Range:
        is_ours, is_young = self._wanted(of_any_day=True), self._wanted(of_any_day=False)
        listed = _Range()
        selection = IdRange(low=low, high=high)
        for row in self.reader.door.rows(self._reading, selection, page_size=self._page_size):
            if isinstance(row, Unreadable):
                listed.broken.append(int(row.id))
            elif not is_ours(row):
                listed.outside += 1
            else:
                listed.rows.append(row)
                if not is_young(row):
                    listed.old.add(self._id(row))
        return listed

    def _wanted(self, *, of_any_day: bool) -> Callable[[Record], bool]:
        mapping = self.reader.mapping
        return wanted_records(self.entity, mapping.channel, mapping.website_of, of_any_day=of_any_day)

    def _id(self, row: Record | Unreadable) -> int:
        return int(row.id) if isinstance(row, Unreadable) else int(str(row[self._reading.id_field]))

    def _found(self, listed: _Range, low: int, high: int, began_at: datetime) -> dict[str, Any]:
        frame, broken = self._frame(listed.rows), len(listed.broken)
        parents = self._parents(frame)
        columns = {
            "ids": [self._id(row) for row in listed.rows] + listed.broken,
            "is_read": [True] * len(listed.rows) + [False] * broken,
            "stamps": frame["source_updated_at"].to_pylist() + [None] * broken,
        } | {f"parent_{name}": values + [None] * broken for name, values in parents.items()}
        names = {"channel": self.reader.channel.code, "entity": self.entity.name}
        bounds = {"low": low, "high": high, "began_at": began_at}
        with self.reader.engine.connect() as connection:
            statement = _statement(self.entity, list(parents), is_told=self._is_told)
            row = connection.execute(statement, columns | names | bounds).one()
        return dict(row._mapping)

    @property
    def _is_told(self) -> bool:
        """Whether the list says which website a record is of, as far as the channel cares."""
        return self.reader.channel.websites == "all" or not self.entity.scope.is_in_details

    def _frame(self, rows: list[Record]) -> pa.Table:
        """The list's rows as the mapping sees them, as far as they are compared: a shop's list is long."""
        channel, root = self.reader.channel, self.entity.root
        compared = {*root.key, *(parent.column for parent in self.entity.parents)}
        narrow = replace(
            root,
            fields=tuple(f for f in root.fields if f.name in compared),
            references=(),
            ignored=root.ignored | {f.source(channel.kind) for f in root.fields},
        )
        header = replace(self.entity, tables=(narrow,))
        return flatten(rows, header, channel.kind, self.reader.mapping).frames[root.name]

    def _parents(self, frame: pa.Table) -> dict[str, list[int | None]]:
        """Magento's ids of the parents, for those columns that the list has."""
        columns = [parent.column for parent in self.entity.parents]
        return {name: frame[name].to_pylist() for name in columns if frame[name].null_count < len(frame)}


def _statement(entity: Entity, parents: Sequence[str], *, is_told: bool) -> TextClause:
    """The comparison of an entity, with these columns of parents."""
    root = entity.root
    differs = [_STAMP_DIFFERS, *(f'listed."{name}" is distinct from known."{name}"' for name in parents)]
    statement = _COMPARE.format(
        id=root.key[0],
        table=root.name,
        key=root.key_column,
        arrays="".join(f", :parent_{name}" for name in parents),
        columns="".join(f', "{name}"' for name in parents),
        on_both_sides=_ON_BOTH_SIDES,
        differs=" or ".join(differs),
        ours="true" if is_told else _has_parent(entity, parents),
    )
    types: dict[str, Any] = {"ids": BigInteger(), "is_read": Boolean(), "stamps": DateTime(timezone=True)}
    types |= {f"parent_{name}": BigInteger() for name in parents}
    return text(statement).bindparams(*(bindparam(name, type_=ARRAY(kind)) for name, kind in types.items()))


def _has_parent(entity: Entity, parents: Sequence[str]) -> str:
    """Whether the warehouse has a parent of the listed record; true where the list names none."""
    conditions = [
        _HAS_PARENT.format(table=root.name, key=root.key_column, column=parent.column)
        for parent in entity.parents
        if parent.column in parents
        for root in [entity_named(parent.entity).root]
    ]
    return " or ".join(conditions) or "true"
