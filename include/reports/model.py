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

INSTANT_COLUMNS = frozenset({"source_created_at", "source_updated_at"})
SUBJECTS: dict[str, bool] = {
    t.subject: t.column in INSTANT_COLUMNS for table in tables() for t in table.touches
}
ENTITY_OF_TABLE = {table.name: entity.name for entity in ENTITIES for table in entity.tables}
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
    if value not in ENTITY_OF_TABLE:
        known = sorted(ENTITY_OF_TABLE)
        raise refuse(
            "names a table that crm does not have",
            f"write {nearest(value, known) or 'one of ' + ', '.join(known)}",
        )
    return value


def _to_subject(value: str) -> str:
    if value not in SUBJECTS:
        known = sorted(SUBJECTS)
        meant = nearest(value, known) or " or ".join(known)
        raise refuse("is nothing that windows record as touched", f"write {meant}")
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

    Attributes:
        incremental: false: computed whole each time, with the reason; true: only what windows touched.
        subjects: what is followed, as `ops.touched` names it.
        unit: for subjects that are instants, the days or months around them are computed anew.
        column: the table's column that holds the day, the first of the month, or the key.
    """

    incremental: bool
    reason: Text | None = None
    subjects: Annotated[tuple[Annotated[str, AfterValidator(_to_subject)], ...], LIST] = ()
    unit: Literal["day", "month", "key"] | None = None
    column: Name | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> RefreshContract:
        named = [name for name in ("subjects", "unit", "column") if getattr(self, name)]
        if not self.incremental and (self.reason is None or named):
            raise refuse("is not incremental", "say why in `reason`, and leave subjects, unit and column out")
        if self.incremental and (self.reason is not None or len(named) < 3):
            raise refuse("is incremental", "give subjects, unit and column, and leave `reason` out")
        for subject in self.subjects:
            if (self.unit == "key") == SUBJECTS[subject]:
                fitting = "day or month" if SUBJECTS[subject] else "key"
                raise refuse(f"has a unit that does not fit the subject {subject}", f"write unit: {fitting}")
        return self


class TableContract(Contract):
    """What reports and segments have in common."""

    title: Text
    grain: Text
    key: Annotated[tuple[Name, ...], LIST, Field(min_length=1)]
    columns: Annotated[tuple[ColumnContract, ...], LIST, Field(min_length=1)]
    inputs: Annotated[tuple[CrmTable, ...], LIST, Field(min_length=1)]
    refresh: RefreshContract
    parameters: Annotated[tuple[ParameterContract, ...], LIST] = ()

    @model_validator(mode="after")
    def _names_known_columns(self) -> TableContract:
        names = [column.name for column in self.columns]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise refuse(f"gives the column {twice[0]} twice", "keep one of the two")
        wanted = [*self.key, *(column.currency for column in self.columns if column.currency)]
        wanted += [self.refresh.column] if self.refresh.column else []
        wanted += ["channel_code"] if self.refresh.unit in ("day", "month") else []
        for name in wanted:
            if name not in names:
                raise refuse(
                    f"names {name}, which is no column of it",
                    f"write {nearest(name, names) or 'one of its columns'}",
                )
        return self

    @property
    def entities(self) -> tuple[str, ...]:
        """The entities whose data it is made of, for assets and for how far it is complete."""
        return tuple(sorted({ENTITY_OF_TABLE[table] for table in self.inputs}))

    @property
    def parameter_values(self) -> Mapping[str, Any]:
        """The parameters with their defaults."""
        return {parameter.name: parameter.default for parameter in self.parameters}


class ReportContract(TableContract):
    """`report.yml`.

    Attributes:
        question: what a reader learns from it.
        owner: the role that answers for it; a role, never a person.
        freshness: how old the data may be before a refresh warns.
    """

    question: Text
    owner: Name
    freshness: Interval

    @property
    def comment(self) -> str:
        """Comment of the table."""
        return f"{self.grain.rstrip('.')}. {self.question} How far it is complete: report.complete_until."
