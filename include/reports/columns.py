"""A column, and a setting of the query, as a contract has them: name, kind of value and meaning.

Names state what a value is (`_amount`, `_date`, ...) and are held to it, because analysts read names first. A column
without `null` is never NULL; one with it says what NULL means.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, model_validator

from include.channels.values import Text, nearest, refuse
from include.entities.fields import Kind
from include.reports.names import Contract, Name

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


def _to_kind(value: object) -> object:
    names = [kind.value for kind in Kind]
    if value in names:
        return Kind(value)
    raise refuse("is not a kind of value", f"write {nearest(value, names) or 'one of ' + ', '.join(names)}")


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
