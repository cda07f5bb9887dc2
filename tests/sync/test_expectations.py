from __future__ import annotations

import pytest

from include.entities.catalogue import ENTITIES
from include.entities.model import Entity, Expectation, Severity, Table
from include.sync.expectations import expectations_of
from include.warehouse.schema import CRM

TABLES = [(entity, table) for entity in ENTITIES for table in entity.tables]
IDS = [table.name for _, table in TABLES]
pytestmark = pytest.mark.contract


def by_rule(entity: Entity, table: Table) -> dict[str, Expectation]:
    return {check.rule: check for check in expectations_of(entity, table)}


@pytest.mark.parametrize(("entity", "table"), TABLES, ids=IDS)
def test_every_table_checks_that_its_key_is_there_and_unique(entity: Entity, table: Table) -> None:
    checks = by_rule(entity, table)
    for rule, kind in (
        ("is_present", "ExpectColumnValuesToNotBeNull"),
        ("is_unique", "ExpectColumnValuesToBeUnique"),
    ):
        check = checks[f"{table.key_column}_{rule}"]
        assert (check.type, check.severity, check.arguments) == (
            kind,
            Severity.REJECT,
            {"column": table.key_column},
        )


@pytest.mark.parametrize(("entity", "table"), TABLES, ids=IDS)
def test_every_child_checks_that_it_has_a_parent_and_roots_do_not(entity: Entity, table: Table) -> None:
    severities = {rule: check.severity for rule, check in by_rule(entity, table).items()}
    if table.parent:
        assert severities[f"{table.parent.name}_is_present"] is Severity.REJECT
    else:
        assert not any(
            rule == "order_key_is_present" for rule in severities if table.key_column != "order_key"
        )


@pytest.mark.parametrize(("entity", "table"), TABLES, ids=IDS)
def test_required_fields_currencies_and_percentages_are_checked(entity: Entity, table: Table) -> None:
    checks = by_rule(entity, table)
    for field in table.fields:
        assert (
            f"{field.name}_is_present" in checks
            and checks[f"{field.name}_is_present"].severity is Severity.REJECT
        ) == (field.is_required), field.name
        assert (f"{field.name}_is_iso_4217" in checks) == field.name.endswith("_currency_code")
        assert (f"{field.name}_is_a_percentage" in checks) == (field.kind.value == "percent")


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
def test_no_sum_and_no_plausibility_keeps_a_record_out(entity: Entity) -> None:
    """Healthy shops have hidden tax, gift cards and guests without a mail; only a cut record waits."""
    rejecting = {check.rule for check in entity.expectations if check.severity is not Severity.WARN}
    assert rejecting <= {"order_has_lines"}


@pytest.mark.parametrize(("entity", "table"), TABLES, ids=IDS)
def test_rules_of_a_table_have_names_of_their_own_and_a_meaning(entity: Entity, table: Table) -> None:
    checks = expectations_of(entity, table)
    assert len({check.rule for check in checks}) == len(checks)
    assert all(check.meaning.endswith(".") for check in checks)


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
def test_own_checks_name_tables_and_columns_that_exist(entity: Entity) -> None:
    measured = {"line_count", "grand_total_excess_cents", "subtotal_excess_cents"}
    for check in entity.expectations:
        columns = set(CRM[entity.table(check.table).name].columns.keys())
        assert check.arguments["column"] in columns | measured, check.rule
