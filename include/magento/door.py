"""What the rest of the project may ask of a store, whatever protocol it speaks.

A door gives records as plain nested dictionaries of text: an absent, nil or blank value is None, numbers and dates
stay the text the store sent. Typing them is the extraction's work, so that one unreadable cell costs one record.
Secrets (password hashes, tokens, card numbers) are dropped here and never reach a caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias

Record: TypeAlias = dict[str, "str | Record | list[Record] | list[str] | None"]
"""One record as the store sent it, e.g. {"order_id": "1", "items": [{"item_id": "1", ...}], "payment": {...}}.

Lists of bare texts are rare (the category ids of a product); `children` and `texts` tell them apart.
"""


def children(record: Record, name: str) -> list[Record]:
    """The records listed in a record; none where there is no list."""
    return as_records(record.get(name))


def as_records(value: object) -> list[Record]:
    """A list as one of records; what is no record in it becomes an empty one, which is refused for what it lacks."""
    return [row if isinstance(row, dict) else {} for row in value] if isinstance(value, list) else []


def texts(record: Record, name: str) -> list[str]:
    """The bare texts listed in a record; none where there is no list."""
    listed = record.get(name)
    return [entry for entry in listed if isinstance(entry, str)] if isinstance(listed, list) else []


@dataclass(frozen=True, slots=True, kw_only=True)
class IdRange:
    """Every record with `low < id <= high`, found by id alone, so that no odd date hides it."""

    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedSince:
    """Every record whose update stamp lies at or after `since` and, unless None, at or before `until` (UTC)."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """Every record created at or after `since` and at or before `until` (UTC).

    `since` None: from ever, those without a usable date included; `until` None: the future included.
    """

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """These records, by id."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """A dictionary (stores, groups): always read whole, as one record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guesses:
    """Records of a store that cannot list them, asked for by number; for readings made for it.

    Attributes:
        low, high: numbers above `low` up to `high` are all asked for, at most half of the calls; those behind `high` as
            long as some are found, at most a quarter.
        known: id and store view of records to ask for again, with the calls that are left.
        store_views: where a number may be.
        most_calls: calls in all.
    """

    low: int
    high: int
    known: tuple[tuple[int, int], ...]
    store_views: tuple[int, ...]
    most_calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unnumbered:
    """The records that come beside a list, from somewhere that tells no id of them; none where nothing does."""


Selection: TypeAlias = IdRange | ChangedSince | Created | Ids | Everything | Guesses | Unnumbered
RecordName: TypeAlias = int | str
"""What a record is known by: Magento's id, or the number people see where the list has no ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A record the store cannot deliver, found by halving the page that failed; it waits in quarantine."""

    id: RecordName
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some complete records, children included, and those that could not be read.

    Attributes:
        absent: ids of known records that were asked for again and are not there any more.
        is_partial: the records lack what a call would have added that the store does not answer.
        remarks: what the store could not give, a sentence each.
    """

    records: list[Record]
    unreadable: list[Unreadable] = field(default_factory=list)
    bytes_read: int = 0
    absent: tuple[int, ...] = ()
    is_partial: bool = False
    remarks: tuple[str, ...] = ()


class Reading(Protocol):
    """How one entity is read from one kind of store; declared by the entity, understood by its door."""

    @property
    def id_field(self) -> str:
        """Name of Magento's own id in the record; where there are no ids, of the number people see."""
        ...

    @property
    def has_ids(self) -> bool:
        """Whether the list says the ids; otherwise records are found by date and known by their number."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreView:
    """A store view and the website it belongs to."""

    store_id: int
    code: str
    name: str
    website_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreReport:
    """What a store is and what can be had from it: the answer of "Check connection".

    Attributes:
        has_shared_customers: whether a customer may log in on every website, so that an e-mail address is taken on all
            of them at once; None where the store does not tell.
        admin_url: where its people log in; only the bridge tells.
    """

    magento_version: str | None
    bridge_version: str | None
    methods: frozenset[str]
    stores: tuple[StoreView, ...]
    websites: dict[int, str]
    has_shared_customers: bool | None = None
    admin_url: str | None = None
    notes: tuple[str, ...] = ()


class Source(Protocol):
    """Where records come from: a store, or what was kept of one."""

    def read(
        self,
        reading: Reading,
        selection: Selection,
        *,
        page_size: int,
        keep: Callable[[Record], bool] | None = None,
    ) -> Iterator[Page]:
        """Pages of complete records, each record at most once.

        Args:
            reading: the entity's declaration for this kind of store.
            selection: which records.
            page_size: records asked for in one call.
            keep: sees the record as the list delivers it (without children); False skips the costly rest.

        Raises:
            ConfigError: a person must act (key, permission, address).
            TransientError: the store stayed unreachable after the client's own retries.
        """
        ...


class Door(Source, Protocol):
    """An open connection to one store."""

    def report(self) -> StoreReport:
        """Versions, capabilities, websites and stores; raises ConfigError when the key opens nothing."""
        ...

    def clock(self) -> datetime:
        """The store's own clock (UTC): the HTTP Date of a fresh answer, never this machine's."""
        ...

    def greatest_id(self, reading: Reading, *, at_least: int = 0) -> int:
        """The greatest id there is now, 0 when there is none; cheaper to find where a recent one is given."""
        ...

    def rows(
        self, reading: Reading, selection: Selection, *, page_size: int
    ) -> Iterator[Record | Unreadable]:
        """The selected records as the store's list delivers them, without the calls that complete them.

        For whoever needs ids, scope or stamps and no children; where the list has complete records, they are complete.

        Raises:
            as `read`.
        """
        ...

    def find(self, reading: Reading, name: str, values: Sequence[str]) -> list[Record]:
        """The records whose field `name` is one of these values, whatever their case, as the list delivers them.

        Without children; never those of another value, though a store may ignore what it is asked.
        """
        ...

    def delivers(self, reading: Reading) -> str | None:
        """None when this store can deliver the entity, else the reason why not, in one sentence."""
        ...

    def close(self) -> None:
        """End the session; never raises."""
        ...
