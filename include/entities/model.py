"""The words in which an entity is declared: tables, checks, and how it is read; its columns are in `fields`.

Everything here is inert: no engine, no pyarrow, no SQL. Importing an entity costs milliseconds, which is why DAG files
may do it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from include.entities.fields import Field, StoreKind
from include.magento.door import Reading, Record

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]


class Severity(StrEnum):
    """What a failed check does: the record waits, the record loads and is reported, or the window stops."""

    REJECT = "reject"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A readable key of another row: `<channel>:<id>[:<id>]`, NULL where an id is NULL."""

    name: str
    table: str
    ids: tuple[str, ...]
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """Keys that reports and segments follow: old and new values of these columns when a row changes."""

    subject: str
    column: str


class Context(Protocol):
    """What the mapping may know beside the record."""

    @property
    def channel_code(self) -> str:
        """First part of every key."""
        ...

    @property
    def currency_code(self) -> str:
        """The installation's own currency, in which its catalogue has its prices."""
        ...

    def website_of(self, store_id: str | None) -> str | None:
        """The website a store view belongs to; None for an unknown or missing store."""
        ...

    def guest_key(self, *, website_id: str | None, email: str, name: str | None) -> str | None:
        """The key of a person without a customer record; None where guests are not made customers."""
        ...

    def number_of(self, *, store_id: str | None, email: str) -> str:
        """A number below zero for what only an address and a store view tell apart, always the same."""
        ...


RowsOf = Callable[[Record, Context], Iterable[Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One warehouse table.

    Attributes:
        name: plural; the table is `crm.<name>`, its key column `<singular>_key`.
        grain: "One row per ..."; becomes the table's COMMENT.
        key: fields whose values, joined by ":" behind the channel, are the key.
        key_comment: what the key is, where it is not made of fields.
        rows: per kind of store, the rows that a record holds for this table.
        parent: reference to the record's root table for children; their set is replaced as a whole.
        created, updated: fields of the row that hold the store's own stamps, by kind of store.
        own_keys: columns that no store knows: they begin as the row's own key, and only our own steps write them.
        has_owner: somebody looks after each row: first the channel's default_owner; no store knows whom.
        touches: keys that reports and segments follow; of the root table.
        indexes: columns looked up by, one index each.
        ignored: source names that are known and deliberately not kept.
        gone_flag: name of a column that says by yes or no whether `deleted_at` is set; for tables whose rows leave
            while their record stays.
    """

    name: str
    singular: str
    grain: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    rows: Mapping[StoreKind, RowsOf]
    key_comment: str | None = None
    parent: Reference | None = None
    references: tuple[Reference, ...] = ()
    created: Mapping[StoreKind, str] = field(default_factory=dict)
    updated: Mapping[StoreKind, str] = field(default_factory=dict)
    own_keys: tuple[Field, ...] = ()
    has_owner: bool = False
    touches: tuple[Touch, ...] = ()
    indexes: tuple[str, ...] = ()
    ignored: frozenset[str] = frozenset()
    gone_flag: str | None = None

    @property
    def key_column(self) -> str:
        """Name of the readable text key."""
        return f"{self.singular}_key"

    @property
    def has_history(self) -> bool:
        """Whether superseded versions are kept."""
        return any(f.is_tracked for f in self.fields)

    def all_references(self) -> tuple[Reference, ...]:
        """The parent first, then the others."""
        return ((self.parent,) if self.parent else ()) + self.references


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One check on one frame, in Great Expectations' words.

    Attributes:
        rule: short name under which results are kept.
        type: class name in `great_expectations.expectations`.
        arguments: its arguments.
        meaning: what it says, for people.
    """

    rule: str
    table: str
    severity: Severity
    type: str
    arguments: Mapping[str, Any]
    meaning: str


Frames = dict[str, "pd.DataFrame"]
Measure = Callable[[Frames], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where a record says which website it belongs to, for channels limited to some websites.

    Attributes:
        is_in_details: the list does not say it, so that a record is read whole before it is known.
    """

    store_field: str | None = None
    website_field: str | None = None
    is_in_details: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """How a record says whose it is, so that an erased person is known again wherever the record comes from.

    Attributes:
        emails: columns of the root table with a normalised e-mail.
        through: columns of the root table with the key of a record of another entity, by column: whoever that
            record is of, this one is of too.
    """

    emails: tuple[str, ...] = ()
    through: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """Another entity whose record a record belongs to; one the warehouse lacks is fetched by id in the same run.

    Attributes:
        entity: the other entity's name.
        column: the root table's column with Magento's id of it; NULL where there is none.
    """

    entity: str
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """How records are found one by one in a store that has no list of them, for channels that ask for it.

    Attributes:
        reading: per kind of store, the call that shows one record.
        told_by: table and column of another entity that tell numbers in use.
        open_where: column and value of the rows that may still change, to be asked for again.
        store_column: column with the store view of a row.
    """

    reading: Mapping[StoreKind, Reading]
    told_by: tuple[str, str]
    open_where: tuple[str, str]
    store_column: str = "store_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Records in a state of which a store tells neither children nor some columns: what is known of them stays.

    Attributes:
        column, value: the state, by a column of the root table.
        columns: those of the root table that are kept where nothing comes.
    """

    column: str
    value: Any
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Everything true of one entity.

    Attributes:
        tables: the root first; `tables[0]` decides keys, staleness and quarantine.
        reading: per kind of store, how its door reads it.
        created_field: the record's creation stamp on the wire, for `sync_start_date`; None where every record counts.
        currency_field: where a record says the installation's global currency.
        expectations: the entity's own checks, beside those that follow from the fields.
        measures: adds columns to the frames that checks look at and nothing else keeps.
        derived: names of set-based steps that run after the upsert, in its transaction.
        names_guests: buyers without a customer record get the key of a guest, unless the channel makes none of them.
        person: whose the records are; None where no table has a personal column.
        lock: held from the merge to the commit, where other entities' steps write this one's tables, too.
        is_snapshot: read whole each time; rows missing from it are gone.
        parents: whose records these belong to.
        trailing: how long after its creation a record is read again once a day, for changes that move no stamp.
        is_swept_whole: whether the sweep reads every record again, since changes of old ones may move no stamp either.
        most_gone: share of the known records that may be gone from the store at once before the sweep asks a person.
        unnumbered: per kind of store, the id to give a record that comes without one: below zero, so that it never is
            another's.
        has_undated: whether new records may have no date of change yet: what lies above the ids known is read as well.
        probe: how records are found where no list tells them; None where there always is one.
        expiring: column and value of the rows that the store drops without a word, looked for every day.
        silences: per kind of store, the state in which its records lose what they had.
        not_agreeing: columns on which bridge and stock reading differ, with the reason.
    """

    name: str
    title: str
    tables: tuple[Table, ...]
    reading: Mapping[StoreKind, Reading]
    scope: Scope = Scope()
    created_field: str | None = "created_at"
    number_field: str | None = None
    currency_field: str | None = None
    expectations: tuple[Expectation, ...] = ()
    measures: tuple[Measure, ...] = ()
    derived: tuple[str, ...] = ()
    names_guests: bool = False
    person: Person | None = None
    lock: str | None = None
    is_snapshot: bool = False
    parents: tuple[Parent, ...] = ()
    trailing: timedelta | None = None
    is_swept_whole: bool = False
    most_gone: float = 0.01
    unnumbered: Mapping[StoreKind, Callable[[Record, Context], str | None]] = field(default_factory=dict)
    has_undated: bool = False
    probe: Probe | None = None
    expiring: tuple[str, str] | None = None
    silences: Mapping[StoreKind, Silence] = field(default_factory=dict)
    not_agreeing: Mapping[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Table:
        """The table whose rows are the records."""
        return self.tables[0]

    def table(self, name: str) -> Table:
        """One of its tables by name."""
        return next(t for t in self.tables if t.name == name)
