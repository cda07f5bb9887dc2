"""Values between crm, JSON and the store: one text for each, so that they can be compared.

A flag is "1" or "0", a day is without a time, a region that is none is nothing; what the store calls a field, its
entity declares. What a newcomer would get wrong: what is read has the names of its kind of store, what is written has
those of Magento 1, whatever the store: the door spells them for its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from include.entities.fields import Field, Kind, StoreKind
from include.entities.model import Row, Table
from include.magento.door import Record
from include.magento.faults import WriteRefused

_FLAGS = {"true": "1", "1": "1", "false": "0", "0": "0"}
_GENDERS = {"Male": "1", "Female": "2"}
_BEYOND_THE_DATABASE = re.compile("[\U00010000-\U0010ffff]")


def as_texts(values: Mapping[str, Any]) -> dict[str, str | None]:
    """JSON values of a request, as texts."""
    return {name: _text(value) for name, value in values.items()}


def as_wire(table: Table, values: Mapping[str, str | None]) -> dict[str, str | None]:
    """Values of these columns under the store's names, as it takes them."""
    fields = _fields(table)
    wire = {fields[name].source("magento1"): value for name, value in values.items()}
    if wire.get("gender"):
        wire["gender"] = _GENDERS[str(wire["gender"])]
    return wire


def rows_of(table: Table, record: Record, kind: StoreKind) -> list[Row]:
    """What a record of this kind of store says for a table, row by row."""
    return list(table.rows[kind](record, _NOWHERE))


def number_of(table: Table, row: Row, kind: StoreKind) -> str:
    """Magento's id of a row."""
    return str(row.get(_fields(table)[table.key[0]].source(kind)))


def value_of(table: Table, row: Row, name: str, kind: StoreKind) -> object:
    """What a row says in a column."""
    return row.get(_fields(table)[name].source(kind))


def held(table: Table, row: Row, names: Iterable[str], kind: StoreKind) -> dict[str, str | None]:
    """What the store holds in these columns.

    Raises:
        WriteRefused: it does not say what it holds in one.
    """
    fields = _fields(table)
    wanted = [fields[name] for name in names]
    if any(field.name == "gender" for field in wanted) and "gender" not in row:
        raise WriteRefused(
            "Without the Oro bridge the store does not tell the gender, so it cannot be changed."
        )
    return {field.name: _held(field, row.get(field.source(kind))) for field in wanted}


def as_kept(value: str | None) -> str | None:
    """A text as a store may keep it: many have four question marks for an emoji, and other white space."""
    return " ".join(_BEYOND_THE_DATABASE.sub("????", value).split()) if value else None


def _held(field: Field, value: object) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return None
    if field.kind is Kind.FLAG:
        return _FLAGS.get(value)
    if field.kind is Kind.DAY:
        return value[:10]
    return None if field.name == "region_id" and value == "0" else value


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "1" if value else "0"
    # Windows and browsers end lines with two characters, of which stores keep one.
    return None if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n")


class _Nowhere:
    """A mapping without a warehouse: what is read for a change names neither stores nor guests."""

    channel_code = currency_code = ""

    def website_of(self, store_id: str | None) -> str | None:
        return None

    def guest_key(self, *, website_id: str | None, email: str, name: str | None) -> str | None:
        return None

    def number_of(self, *, store_id: str | None, email: str) -> str:
        return ""


_NOWHERE = _Nowhere()


def _fields(table: Table) -> dict[str, Field]:
    return {field.name: field for field in table.fields}
