"""How an entity is read over REST: a list whose rows are complete records, or dictionaries read whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from include.magento.door import Record

KLAVIYO = "Klaviyo_Reclaim"
"""The module of Klaviyo's extension, which alone tells guests on the newsletter."""
KLAVIYO_SUBSCRIPTIONS = "klaviyo/reclaim/customers/subscriptions"
"""Where it tells them; the token needs `Magento_Newsletter::subscriber`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailCall:
    """One more call for some records: `path` with the record's own values in braces, its answer under `into`.

    Attributes:
        where, unless: field and value of the records it is made for, and of those that have none.
    """

    path: str
    into: str
    where: Mapping[str, str] = field(default_factory=dict)
    unless: Mapping[str, str] = field(default_factory=dict)

    def is_about(self, record: Record) -> bool:
        """Whether it is made for this record."""
        return all(record.get(name) == value for name, value in self.where.items()) and not any(
            record.get(name) == value for name, value in self.unless.items()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """What the lines of a record name and do not say: the rows of another list, under `into`.

    Attributes:
        lines: where in the record the lines are.
        field: the value that names a row, in lines and rows alike.
        path: of the other list.
        fields: what is wanted of its rows.
    """

    lines: str
    field: str
    path: str
    into: str
    fields: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Records that the list leaves out, from an extension that tells them by ranges of ids, and no id of any.

    Rows of both tell an address; one whose address a row of the list speaks for, on the same website, is left out.

    Attributes:
        module: the extension, as `/V1/modules` names it.
        path: takes `start_id`, `end_id` (both included) and `store_id` (of one store view; none: of every one).
        count_path: how many there are, those included that no range tells.
        most_ids: in one call.
        address: the address that a row is about, to compare by; None where it has none.
        is_spoken_for: whether a row of the list makes the extension's needless.
        precedence: of several rows with one address and store view the greatest counts.
        fields: what is wanted of the list where only that is asked of it.
        missing: what is told where the extension is not there.
    """

    module: str
    path: str
    count_path: str
    most_ids: int = 500
    address: Callable[[Record], str | None]
    is_spoken_for: Callable[[Record], bool]
    precedence: Callable[[Record], tuple[str, ...]]
    fields: str
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestReading:
    """A list.

    Attributes:
        path: behind `V1/`.
        id_field: Magento's id in the answer; without ids, the number people see.
        order_by: the number in the answer that rows are asked for in the order of.
        filter_id: the name to filter that number by.
        created_field, updated_field: UTC stamps to filter by; None where the list has none.
        store: the store view it is asked through, the default one unless given; `all` gives values that hold for
            every view.
        most_per_page: records in one call at most; what costs the store more is asked for in smaller pages.
        details: calls that complete a record.
        look_ups: what their lines name.
        resource: the rights that the token needs, joined by commas.
        fields: what is wanted of rows that are large; everything unless given.
        has_ids: whether records are known by their id; else by the number people see, and read by date.
        single: path of one record by its id, where the list is less exact than that; `{id}` is the id.
        leaves_out: records that this list is known not to tell, in a sentence.
        beside: where those are told all the same.
        found_by: names by which records are looked for that the list has others for: that of its filter, and of the
            field in its answer.
    """

    path: str
    id_field: str = "entity_id"
    order_by: str = "entity_id"
    filter_id: str = "entity_id"
    created_field: str | None = "created_at"
    updated_field: str | None = "updated_at"
    store: str = ""
    most_per_page: int = 100
    details: tuple[DetailCall, ...] = ()
    look_ups: tuple[LookUp, ...] = ()
    resource: str
    fields: str | None = None
    has_ids: bool = True
    single: str | None = None
    leaves_out: str | None = None
    beside: Beside | None = None
    found_by: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PerValue:
    """A list without a number to go by, asked for by the values of a field in the rows of another list.

    Attributes:
        of: the other list's key.
        field: name of the value, in both.
    """

    of: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestSnapshot:
    """Dictionaries read whole: one record whose keys are these, each with the answer of its path.

    Attributes:
        lists: paths by key.
        order_by: for those that are lists in pages, the field of the answer and the name to filter it by.
        per_value: those that are asked for by the values of another; they come behind it.
        fields: what is wanted of a list whose rows are large.
        required: those without which there is nothing to read; others are left out where the store has none.
        resource: the rights that the token needs, joined by commas.
    """

    lists: Mapping[str, str]
    order_by: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    per_value: Mapping[str, PerValue] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    required: frozenset[str]
    resource: str
    id_field: str = ""
    has_ids: bool = True
