"""What a contract says: `report.yml` in words, before any database is asked.

Names state what a value is (`_amount`, `_date`, ...) and the model holds them to it, because analysts read names first.
A column without `null` is never NULL; one with it says what NULL means.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from include.channels.values import Interval, Text, nearest, refuse
from include.entities.catalogue import ENTITIES, tables
from include.entities.fields import Kind
from include.reports.areas import AREAS

INSTANT_COLUMNS = frozenset({"source_created_at", "source_updated_at"})
ACCOUNT = "account"
"""Recorded as touched where customers join or leave an account (include/identity), not by an entity's table."""
SUBJECTS: dict[str, bool] = {
    t.subject: t.column in INSTANT_COLUMNS for table in tables() for t in table.touches
} | {ACCOUNT: False}
_OF_ENTITIES = {table.name: entity.name for entity in ENTITIES for table in entity.tables}
_OF_PEOPLE = ("accounts", "contacts", "account_matches", "account_lifetimes")
ENTITY_OF_TABLE: dict[str, str] = {
    **_OF_ENTITIES,
    **{f"{table}_history": entity for table, entity in _OF_ENTITIES.items()},
    **dict.fromkeys(_OF_PEOPLE, "customers"),
}
REPORT_PREFIX = "report."
OPS_INPUTS = frozenset({"ops.sync_health"})
"""What reports may read about the syncing itself. It changes with every window and with the clock, so they are computed
whole and complete at their refresh."""
_ENDINGS: dict[Kind, tuple[str, ...]] = {
    Kind.AMOUNT: ("_amount",),
    Kind.QUANTITY: ("_qty",),
    Kind.RATE: ("_rate", "_ratio"),
    Kind.PERCENT: ("_pct",),
    Kind.INSTANT: ("_at",),
    Kind.DAY: ("_date",),
    Kind.KEY: ("_key",),
    Kind.JSON: ("_json",),
}
_VALUES: dict[Kind, type | tuple[type, ...]] = {
    Kind.INTEGER: int,
    Kind.AMOUNT: (int, float),
    Kind.QUANTITY: (int, float),
    Kind.RATE: (int, float),
    Kind.PERCENT: (int, float),
    Kind.FLAG: bool,
}


def _to_name(value: str) -> str:
    if not value.isascii() or not value.isidentifier() or value != value.lower() or len(value) > 50:
        raise refuse("is not a name in snake_case", "write lower-case letters, digits and _, 50 at most")
    return value


def _to_kind(value: object) -> object:
    names = [kind.value for kind in Kind]
    if value in names:
        return Kind(value)
    raise refuse("is not a kind of value", f"write {nearest(value, names) or 'one of ' + ', '.join(names)}")


def _to_input(value: str) -> str:
    if value.startswith(REPORT_PREFIX):
        return REPORT_PREFIX + _to_name(value.removeprefix(REPORT_PREFIX))
    if value not in ENTITY_OF_TABLE and value not in OPS_INPUTS:
        known = sorted({*ENTITY_OF_TABLE, *OPS_INPUTS})
        raise refuse(
            "names a table that crm does not have",
            f"write {nearest(value, known) or 'one of ' + ', '.join(known)}",
        )
    return value


def _to_subject(value: str) -> str:
    report, dot, told = value.partition(".")
    if dot:
        return f"{_to_name(report)}.{_to_name(told)}"
    if value not in SUBJECTS:
        known = sorted(SUBJECTS)
        meant = nearest(value, known) or " or ".join(known)
        raise refuse("is nothing that windows record as touched", f"write {meant}")
    return value


def _to_area(value: str) -> str:
    if value not in AREAS:
        raise refuse("is no area", f"write {nearest(value, list(AREAS)) or 'one of ' + ', '.join(AREAS)}")
    return value


def _to_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


LIST = BeforeValidator(_to_tuple)
Name = Annotated[str, AfterValidator(_to_name)]
CrmTable = Annotated[str, AfterValidator(_to_input)]


class Contract(BaseModel):
    """Base of everything a contract holds: immutable, unknown names refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class ColumnContract(Contract):
    """One column of the table.

    Attributes:
        kind: what the value is, in the words of the entities; the SQL type follows.
        unit: of numbers that are neither money nor plain counts.
        currency: of amounts: the column that holds their currency.
        null: what NULL means; without it the column is never NULL.
    """

    name: Name
    kind: Annotated[Kind, BeforeValidator(_to_kind)]
    meaning: Text
    unit: Text | None = None
    currency: Name | None = None
    null: Text | None = None

    @model_validator(mode="after")
    def _is_named_for_its_kind(self) -> ColumnContract:
        endings = _ENDINGS.get(self.kind, ())
        if endings and not self.name.endswith(endings):
            raise refuse(
                f"is named {self.name} and is of kind {self.kind}", f"let its name end in {endings[0]}"
            )
        if self.kind is Kind.FLAG and not self.name.startswith(("is_", "has_", "can_")):
            raise refuse(f"is named {self.name} and is a flag", "let its name begin with is_ or has_")
        if (self.kind is Kind.AMOUNT) != (self.currency is not None):
            raise refuse(
                f"is {'an amount without' if self.currency is None else 'no amount, but has'} a currency",
                "give `currency`, the column that holds it, to amounts and to nothing else",
            )
        return self

    @property
    def comment(self) -> str:
        """Meaning, unit, currency and what NULL means, as one text."""
        told = (
            self.meaning.rstrip(".") + ".",
            self.unit and f"Unit: {self.unit}.",
            self.currency and f"Currency: {self.currency}.",
            self.null and f"NULL: {self.null.rstrip('.')}.",
        )
        return " ".join(filter(None, told))


class ParameterContract(Contract):
    """A setting of the query, bound as `:name`."""

    name: Name
    kind: Annotated[Kind, BeforeValidator(_to_kind)]
    default: int | float | str | bool
    meaning: Text

    @model_validator(mode="after")
    def _default_is_of_its_kind(self) -> ParameterContract:
        wanted = _VALUES.get(self.kind, str)
        is_mistaken_flag = isinstance(self.default, bool) and self.kind is not Kind.FLAG
        if is_mistaken_flag or not isinstance(self.default, wanted):
            raise refuse(f"has a default that is not of kind {self.kind}", "write a default of that kind")
        if self.name == "now":
            raise refuse("is named now", "take it out: :now is always bound to the instant of the refresh")
        return self


class RefreshContract(Contract):
    """How the table follows the data.

    What is computed anew is named by columns of the table: one, by `unit` and `column`, whose values are the touched
    days, months or keys themselves; or several, by `columns`, which the folder's `scope.sql` works out.

    Attributes:
        incremental: false: computed whole each time, with the reason; true: only what windows touched.
        subjects: what is followed, as `ops.touched` names it; `<report>.<name>` is what another report tells.
        unit: for subjects that are instants or days, the days or months around them are computed anew.
        column: the table's column that holds the day, the first of the month, or the key.
        columns: the table's columns that `scope.sql` returns.
        keeps_the_past: rows outside of the scope stay as they are even when everything is computed: snapshots.
    """

    incremental: bool
    reason: Text | None = None
    subjects: Annotated[tuple[Annotated[str, AfterValidator(_to_subject)], ...], LIST] = ()
    unit: Literal["day", "month", "key"] | None = None
    column: Name | None = None
    columns: Annotated[tuple[Name, ...], LIST] = ()
    keeps_the_past: bool = False

    @model_validator(mode="after")
    def _is_whole(self) -> RefreshContract:
        named = [name for name in ("subjects", "unit", "column", "columns") if getattr(self, name)]
        if not self.incremental and (self.reason is None or named or self.keeps_the_past):
            raise refuse("is not incremental", "say why in `reason`, and leave everything else out")
        if self.incremental and (self.reason is not None or not self._has_a_scope):
            raise refuse(
                "is incremental",
                "give subjects with unit and column, or columns with a scope.sql, and leave `reason` out",
            )
        for subject in () if self.columns else self.subjects:
            # What another report tells is text that the unit says how to read.
            if "." not in subject and (self.unit == "key") == SUBJECTS[subject]:
                fitting = "day or month" if SUBJECTS[subject] else "key"
                raise refuse(f"has a unit that does not fit the subject {subject}", f"write unit: {fitting}")
        return self

    @property
    def _has_a_scope(self) -> bool:
        by_column = bool(self.subjects and self.unit and self.column)
        return bool(self.columns) != by_column and not (self.columns and (self.unit or self.column))

    @property
    def scope_columns(self) -> tuple[str, ...]:
        """The columns of the table that say what is computed anew."""
        if self.columns or self.column is None:
            return self.columns
        return (self.column,) if self.unit == "key" else ("channel_code", self.column)


class TableContract(Contract):
    """What reports and segments have in common.

    Attributes:
        key: columns that tell rows apart.
        inputs: tables of crm, other reports as `report.<name>`, and `ops.sync_health`, that the query reads.
        tells: what other reports may follow: by name, the columns whose old and new values are recorded as touched.
        tells_moves: the same, but only of rows that came, went or changed in these columns: who counts rows and reads
            nothing else of them need not be told of the rest.
        indexes: columns of further indexes, for those who look rows up by them.
    """

    title: Text
    grain: Text
    key: Annotated[tuple[Name, ...], LIST, Field(min_length=1)]
    columns: Annotated[tuple[ColumnContract, ...], LIST, Field(min_length=1)]
    inputs: Annotated[tuple[CrmTable, ...], LIST, Field(min_length=1)]
    refresh: RefreshContract
    tells: Mapping[Name, Annotated[tuple[Name, ...], LIST]] = {}
    tells_moves: Mapping[Name, Annotated[tuple[Name, ...], LIST]] = {}
    indexes: Annotated[tuple[Annotated[tuple[Name, ...], LIST], ...], LIST] = ()
    parameters: Annotated[tuple[ParameterContract, ...], LIST] = ()

    @model_validator(mode="after")
    def _names_known_columns(self) -> TableContract:
        names = [column.name for column in self.columns]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise refuse(f"gives the column {twice[0]} twice", "keep one of the two")
        wanted = [*self.key, *(column.currency for column in self.columns if column.currency)]
        wanted += [*self.refresh.scope_columns]
        told = (*self.tells.values(), *self.tells_moves.values())
        wanted += [name for columns in (*told, *self.indexes) for name in columns]
        wanted += ["channel_code"] if told else []
        for name in wanted:
            if name not in names:
                raise refuse(
                    f"names {name}, which is no column of it",
                    f"write {nearest(name, names) or 'one of its columns'}",
                )
        return self

    @property
    def crm_inputs(self) -> tuple[str, ...]:
        """The tables of crm among the inputs."""
        return tuple(name for name in self.inputs if name in ENTITY_OF_TABLE)

    @property
    def input_tables(self) -> tuple[str, ...]:
        """The inputs with their schemas."""
        return tuple(f"crm.{name}" if name in ENTITY_OF_TABLE else name for name in self.inputs)

    @property
    def report_inputs(self) -> tuple[str, ...]:
        """The reports among the inputs, by their names."""
        return tuple(
            name.removeprefix(REPORT_PREFIX) for name in self.inputs if name.startswith(REPORT_PREFIX)
        )

    @property
    def entities(self) -> frozenset[str]:
        """The entities whose tables it reads itself."""
        return frozenset(ENTITY_OF_TABLE[table] for table in self.crm_inputs)

    @property
    def parameter_values(self) -> Mapping[str, Any]:
        """The parameters with their defaults."""
        return {parameter.name: parameter.default for parameter in self.parameters}


class ReportContract(TableContract):
    """`report.yml`.

    Attributes:
        question: what a reader learns from it.
        area: the DAG that refreshes it.
        owner: the role that answers for it; a role, never a person.
        freshness: how old the data may be before a refresh warns.
    """

    question: Text
    area: Annotated[str, AfterValidator(_to_area)]
    owner: Name
    freshness: Interval

    @property
    def comment(self) -> str:
        """Comment of the table."""
        return f"{self.grain.rstrip('.')}. {self.question} How far it is complete: report.complete_until."
