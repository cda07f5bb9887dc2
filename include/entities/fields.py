"""Fields: one column of the warehouse declared once, and short ways to declare the usual ones.

DDL, wire mapping, base expectations and the data dictionary all follow from a field. Its name is the warehouse's; where
the value stands in a store's row is `magento1` and `magento2`. Magento 2 kept most names of Magento 1, so only where it
did not is its own written down.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Literal

StoreKind = Literal["magento1", "magento2"]


ABSENT = ""
"""No place at all: Magento 2 does not have what Magento 1 has, or means something else by its name."""


class Kind(StrEnum):
    """What a value is; type, casting and SQL type follow from it."""

    TEXT = "text"
    INTEGER = "integer"
    AMOUNT = "amount"
    QUANTITY = "quantity"
    RATE = "rate"
    PERCENT = "percent"
    INSTANT = "instant"
    DAY = "day"
    FLAG = "flag"
    KEY = "key"
    JSON = "json"


class Policy(StrEnum):
    """What an incoming value does to the stored one."""

    MIRROR = "mirror"
    KEEP_WHEN_NULL = "keep_when_null"
    FIRST_VALUE = "first_value"
    WAREHOUSE_OWNED = "warehouse_owned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column, declared once.

    Attributes:
        name: column name, by the conventions of the warehouse (`_at`, `_amount`, `_qty`, `is_`, ...).
        kind: what the value is.
        comment: meaning, unit, and what NULL means; becomes the column's COMMENT.
        magento1: where the value stands in the row; None: computed, found under `name`.
        magento2: the same for Magento 2; None: as in Magento 1, ABSENT: nowhere.
        differs: what Magento 2 means by it where that is not what Magento 1 means.
        is_required: a record without it is rejected.
        is_personal: names, addresses and the like: masked, never logged, erased on request.
        is_tracked: superseded values are kept in the history table.
    """

    name: str
    kind: Kind
    comment: str
    magento1: str | None = None
    magento2: str | None = None
    differs: str | None = None
    is_required: bool = False
    is_personal: bool = False
    is_tracked: bool = False
    policy: Policy = Policy.MIRROR

    def source(self, store_kind: StoreKind) -> str:
        """Name of the value in a row of this kind of store."""
        places = (self.magento1,) if store_kind == "magento1" else (self.magento2, self.magento1)
        return next((place for place in places if place is not None), self.name)


def text(name: str, comment: str, magento1: str | None = None, **more: Any) -> Field:
    """A text field."""
    return Field(name=name, kind=Kind.TEXT, comment=comment, magento1=magento1, **more)


def integer(name: str, comment: str, magento1: str | None = None, **more: Any) -> Field:
    """A whole number."""
    return Field(name=name, kind=Kind.INTEGER, comment=comment, magento1=magento1, **more)


def flag(name: str, comment: str, magento1: str | None = None, **more: Any) -> Field:
    """A yes or no."""
    return Field(name=name, kind=Kind.FLAG, comment=comment, magento1=magento1, **more)


def quantity(name: str, comment: str, magento1: str | None = None, **more: Any) -> Field:
    """A number of things or a weight."""
    return Field(name=name, kind=Kind.QUANTITY, comment=comment, magento1=magento1, **more)


def amount_pair(
    stem: str,
    comment: str,
    magento1: str | None = None,
    *,
    magento2: str | None = None,
    currency: str = "order",
    **more: Any,
) -> tuple[Field, Field]:
    """An amount in the currency of the order (or cart) and its twin in the store's base currency.

    The wire's twin is called `base_<name>`; columns are `<stem>_amount` and `base_<stem>_amount`.
    """
    wire = magento1 or stem
    meaning, _, about_null = comment.partition(". ")

    def said(currency: str) -> str:
        return f"{meaning}, in {currency} currency." + (f" {about_null}." if about_null else "")

    in_order = Field(
        name=f"{stem}_amount",
        kind=Kind.AMOUNT,
        comment=said(currency),
        magento1=wire,
        magento2=magento2,
        **more,
    )
    in_base = replace(
        in_order,
        name=f"base_{stem}_amount",
        comment=said("base"),
        magento1=f"base_{wire}",
        magento2=f"base_{magento2}" if magento2 else magento2,
    )
    return in_order, in_base
