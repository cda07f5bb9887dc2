"""How an entity is read over SOAP: a list that holds every id, and the calls that complete its rows.

The core list is the spine even where the bridge is installed: it alone has the complete id set (the bridge's order
list leaves out orders without a store) and totals the bridge does not send.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class InfoCall:
    """One call per record: `method(argument=record[value_field])`.

    `into` names the key that takes the answer (a list of children); None merges the answer into the record. Where the
    store does not have an optional call, or refuses it to the API user, records come as the list has them, and the page
    says so.
    """

    method: str
    argument: str
    value_field: str
    into: str | None = None
    is_optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SoapReading:
    """A spine and its completion.

    Attributes:
        spine: list method without paging that holds every id.
        id_field: Magento's id in the spine's rows; without ids, the number people see.
        filter_id: the name to filter ids by.
        bridge: the bridge's list method whose rows are complete records; asked by id, one call a page.
        stock: calls that complete a row without the bridge, and for rows the bridge leaves out.
        created_field, updated_field: UTC stamps to filter by; None where the list has no stamp of the creation.
        is_paged: only the bridge has the spine; it comes in pages, and its rows are complete records.
        is_descending: its pages begin with the greatest id.
        trusted_from: fields of the bridge's rows, as `name` or `children.name`, and the first version of the bridge
            that fills them with what they are named after; older ones are not believed.
        without: what to say where the store has no such spine.
        has_ids: whether the spine says the ids; else records are found by date and known by their number.
        is_update_filter_optional: a list that cannot be filtered by the update stamp is asked for what is new instead,
            and for everything where it knows no stamp of the creation.
    """

    spine: str
    id_field: str
    filter_id: str
    bridge: str | None = None
    stock: tuple[InfoCall, ...] = ()
    created_field: str | None = "created_at"
    updated_field: str = "updated_at"
    is_paged: bool = False
    is_descending: bool = False
    trusted_from: Mapping[str, str] = field(default_factory=dict)
    without: str | None = None
    is_update_filter_optional: bool = False
    has_ids: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCall:
    """A call whose answer is one record."""

    method: str
    arguments: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCalls:
    """A dictionary asked for row by row of another: `method(argument=row[value_field])` for each row of `of`.

    Its rows do not say which they were asked for: they get it as `into_field`.
    """

    method: str
    argument: str
    of: str
    value_field: str
    into_field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotReading:
    """Dictionaries read whole: one record whose keys are these, each with the answer of its method.

    A method the store does not have leaves its key out, or is replaced by `instead`; `required` ones are an error, and
    `without` is what to say of it.
    """

    lists: Mapping[str, str] = field(default_factory=dict)
    records: Mapping[str, RecordCall] = field(default_factory=dict)
    required: frozenset[str]
    instead: Mapping[str, RowCalls] = field(default_factory=dict)
    without: str | None = None
    id_field: str = ""
    has_ids: bool = True

    @property
    def needed(self) -> set[str]:
        """The methods without which there is nothing to read."""
        methods = {**self.lists, **{key: call.method for key, call in self.records.items()}}
        return {methods[key] for key in self.required}


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotByIds:
    """A dictionary that is only given for ids: those of a list, some hundred a call; one record with all answers.

    Attributes:
        spine: the list that knows the ids.
        method, argument: the call, and its parameter that takes the ids.
        into: the key that takes the answers.
        alias_field: a field of the list's rows that the call takes for an id too, and looks up first: where a row's id
            is the alias of another, the row is asked for by its own alias.
    """

    spine: SoapReading
    method: str
    argument: str
    into: str
    alias_field: str
    id_field: str = ""
    has_ids: bool = True

    @property
    def needed(self) -> set[str]:
        """The methods without which there is nothing to read."""
        return {self.spine.spine, self.method}


Dictionary = SnapshotReading | SnapshotByIds


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeReading:
    """Records that no list tells, asked for by number and store view: `method(id_argument=..., store_argument=...)`.

    Attributes:
        id_field: name of the id in the record as it is given out.
        answered_as: name of the id in the answer.
    """

    method: str
    id_argument: str
    store_argument: str
    id_field: str
    answered_as: str
    has_ids: bool = True
