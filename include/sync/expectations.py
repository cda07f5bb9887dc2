"""The checks of a table: those that follow from its fields, then the entity's own.

Each must be about single rows, or about a key: checks are run part by part, and a part is no more than some rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from include.entities.fields import Field, Kind
from include.entities.model import Entity, Expectation, Severity, Table

UNIQUE = "ExpectColumnValuesToBeUnique"
CURRENCY = "^[A-Z]{3}$"


def expectations_of(entity: Entity, table: Table) -> tuple[Expectation, ...]:
    """Every check of one table's frame, in the order in which results are shown."""
    own = (e for e in entity.expectations if e.table == table.name)
    return (*_of_keys(table), *(check for field in table.fields for check in _of_field(table, field)), *own)


def _of_keys(table: Table) -> Iterator[Expectation]:
    yield _is_present(table, table.key_column, "Every row has a key.")
    yield _is_unique(table, table.key_column, "No key comes twice.")
    if table.parent:
        yield _is_present(table, table.parent.name, "Every row knows the record it belongs to.")


def _of_field(table: Table, field: Field) -> Iterator[Expectation]:
    if field.is_required:
        yield _is_present(table, field.name, f"{field.name} is never missing.")
    if field.name.endswith("_currency_code"):
        yield _is_currency(table, field.name)
    if field.kind is Kind.PERCENT:
        yield _is_percentage(table, field.name)


def _is_present(table: Table, column: str, meaning: str) -> Expectation:
    return Expectation(
        rule=f"{column}_is_present",
        table=table.name,
        severity=Severity.REJECT,
        type="ExpectColumnValuesToNotBeNull",
        arguments={"column": column},
        meaning=meaning,
    )


def _is_unique(table: Table, column: str, meaning: str) -> Expectation:
    return Expectation(
        rule=f"{column}_is_unique",
        table=table.name,
        severity=Severity.REJECT,
        type=UNIQUE,
        arguments={"column": column},
        meaning=meaning,
    )


def _is_currency(table: Table, column: str) -> Expectation:
    return Expectation(
        rule=f"{column}_is_iso_4217",
        table=table.name,
        severity=Severity.WARN,
        type="ExpectColumnValuesToMatchRegex",
        arguments={"column": column, "regex": CURRENCY},
        meaning=f"{column} is a code of three capital letters.",
    )


def _is_percentage(table: Table, column: str) -> Expectation:
    return Expectation(
        rule=f"{column}_is_a_percentage",
        table=table.name,
        severity=Severity.WARN,
        type="ExpectColumnValuesToBeBetween",
        arguments={"column": column, "min_value": 0, "max_value": 100},
        meaning=f"{column} lies between 0 and 100.",
    )
