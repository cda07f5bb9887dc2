"""The checks of a table: those that follow from its fields, then the entity's own."""

from __future__ import annotations

from collections.abc import Iterator

from include.entities.model import Entity, Expectation, Kind, Severity, Table

CURRENCY = "^[A-Z]{3}$"


def expectations_of(entity: Entity, table: Table) -> tuple[Expectation, ...]:
    """Every check of one table's frame, in the order in which results are shown."""
    own = (e for e in entity.expectations if e.table == table.name)
    return (*_of_fields(table), *own)


def _of_fields(table: Table) -> Iterator[Expectation]:
    key = table.key_column
    yield _check(
        table,
        f"{key}_is_present",
        Severity.REJECT,
        "ExpectColumnValuesToNotBeNull",
        key,
        "Every row has a key.",
    )
    yield _check(
        table, f"{key}_is_unique", Severity.REJECT, "ExpectColumnValuesToBeUnique", key, "No key comes twice."
    )
    if table.parent:
        parent = table.parent.name
        meaning = "Every row knows the record it belongs to."
        yield _check(
            table, f"{parent}_is_present", Severity.REJECT, "ExpectColumnValuesToNotBeNull", parent, meaning
        )
    for field in table.fields:
        if field.is_required:
            rule = f"{field.name}_is_present"
            meaning = f"{field.name} is never missing."
            yield _check(table, rule, Severity.REJECT, "ExpectColumnValuesToNotBeNull", field.name, meaning)
        if field.name.endswith("_currency_code"):
            rule = f"{field.name}_is_iso_4217"
            meaning = f"{field.name} is a code of three capital letters."
            yield _check(
                table,
                rule,
                Severity.WARN,
                "ExpectColumnValuesToMatchRegex",
                field.name,
                meaning,
                regex=CURRENCY,
            )
        if field.kind is Kind.PERCENT:
            rule = f"{field.name}_is_a_percentage"
            meaning = f"{field.name} lies between 0 and 100."
            bounds = {"min_value": 0, "max_value": 100}
            yield _check(
                table, rule, Severity.WARN, "ExpectColumnValuesToBeBetween", field.name, meaning, **bounds
            )


def _check(
    table: Table, rule: str, severity: Severity, kind: str, column: str, meaning: str, **arguments: object
) -> Expectation:
    return Expectation(
        rule=rule,
        table=table.name,
        severity=severity,
        type=kind,
        arguments={"column": column, **arguments},
        meaning=meaning,
    )
