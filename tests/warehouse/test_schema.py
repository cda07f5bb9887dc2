"""The shape of the warehouse keeps to the conventions that readers rely on."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Numeric, Table, Text

from include.entities import model
from include.entities.catalogue import ENTITIES, tables
from include.entities.fields import Kind
from include.warehouse.everything import metadata
from include.warehouse.schema import CRM, HISTORY, KEY, PERSONAL, content_columns

pytestmark = pytest.mark.contract

ALL = list(metadata.tables.values())
COLUMNS = [column for table in ALL for column in table.columns]
IDS = [f"{column.table.fullname}.{column.name}" for column in COLUMNS]
BOOKKEEPING = [
    "source_created_at",
    "source_updated_at",
    "first_seen_at",
    "changed_at",
    "deleted_at",
    "window_id",
    "row_hash",
]


def test_there_is_something_to_look_at() -> None:
    assert {"crm.orders", "crm.orders_history", "ops.windows"} <= metadata.tables.keys()
    assert len(COLUMNS) > 300


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.fullname)
def test_every_table_says_what_one_row_of_it_is(table: Table) -> None:
    assert table.comment is not None
    assert table.comment.startswith("One row per ")
    assert table.comment.endswith(".")
    assert re.fullmatch(r"[a-z][a-z_]*[a-z]", table.name)


def test_every_column_has_a_comment_that_is_a_sentence() -> None:
    odd = [
        name for name, column in zip(IDS, COLUMNS, strict=True) if not (column.comment or "").endswith(".")
    ]
    assert odd == []


# Ends of spans of time, named as SQL's own temporal tables name them.
SPANS = {"valid_from", "valid_to", "complete_until"}


def type_by_name(name: str) -> type | None:
    """The type that a column's name promises."""
    endings: dict[str, type] = {
        "_at": DateTime,
        "_date": Date,
        "_amount": Numeric,
        "_qty": Numeric,
        "_pct": Numeric,
        "_rate": Numeric,
        "_count": BigInteger,
        "_key": Text,
    }
    if name.startswith(("is_", "has_")):
        return Boolean
    return next((kind for ending, kind in endings.items() if name.endswith(ending)), None)


def test_names_promise_the_types_and_types_have_the_names() -> None:
    wrong = []
    for name, column in zip(IDS, COLUMNS, strict=True):
        promised = type_by_name(column.name)
        if promised and not isinstance(column.type, promised):
            wrong.append(name)
        if (
            promised is None
            and isinstance(column.type, Boolean | DateTime | Date)
            and column.name not in SPANS
        ):
            wrong.append(name)
    assert wrong == []


def test_instants_have_a_zone_and_money_four_places() -> None:
    for name, column in zip(IDS, COLUMNS, strict=True):
        if isinstance(column.type, DateTime):
            assert column.type.timezone, name
        if column.name.endswith("_amount"):
            assert (column.type.precision, column.type.scale) == (20, 4), name  # type: ignore[attr-defined]


WITHOUT_TWIN = {"cart_items.custom_price_amount"}
"""Entered in one currency, and told by the store in no other."""
CUT_SHORT = {"store_credit_amount": "bs_customer_bal_total_refunded"}
"""Magento's names may have 30 letters."""


@pytest.mark.parametrize("table", CRM.values(), ids=lambda table: table.name)
def test_every_amount_has_its_currency_beside_it(table: Table) -> None:
    amounts = [column.name for column in table.columns if column.name.endswith("_amount")]
    for name in amounts if "currency_code" not in table.columns else ():
        own = "cart" if "cart_currency_code" in table.columns else "order"
        prefix = "base" if name.startswith("base_") else own
        assert f"{prefix}_currency_code" in table.columns, name
        if f"{table.name}.{name}" in WITHOUT_TWIN:
            continue
        twin = name.removeprefix("base_") if prefix == "base" else f"base_{name}"
        assert twin in table.columns, name


@pytest.mark.parametrize("table", CRM.values(), ids=lambda table: table.name)
def test_crm_tables_begin_with_their_key_and_end_with_the_bookkeeping(table: Table) -> None:
    names = list(table.columns.keys())
    (key,) = table.primary_key.columns
    assert names[:2] == [key.name, "channel_code"]
    assert names[-len(BOOKKEEPING) :] == BOOKKEEPING


def test_keys_are_compared_byte_by_byte() -> None:
    for name, column in zip(IDS, COLUMNS, strict=True):
        if name.startswith("crm.") and column.name.endswith("_key"):
            assert isinstance(column.type, Text), name
            assert column.type.collation == KEY.collation == "C", name


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_key_column_is_the_singular_of_the_table(table: model.Table) -> None:
    assert table.key_column in {column.name for column in content_columns(table)}
    stem = f"{table.singular}e" if table.singular.endswith("s") else re.sub("y$", "ie", table.singular)
    assert table.name == f"{stem}s"


PERSONAL_NAMES = re.compile(
    r"(^|_)(e?mail|telephone|fax|street|city|postcode|company|birth_date|gender|remote_ip|tax_number|last4)(_|$)"
    r"|(first|middle|last)_name|name_(prefix|suffix)|customer_(prefix|suffix)|comment_text|_note$|gift_message$"
)
NOT_OF_A_PERSON = {
    "is_customer_note_notified",
    "order_address_id",
    "last_transaction_number",
    "is_email_sent",
}


def personal(column: Column[object]) -> bool:
    return bool(column.info.get(PERSONAL))


def test_personal_columns_are_tagged() -> None:
    found = [
        name
        for name, column in zip(IDS, COLUMNS, strict=True)
        if name.startswith("crm.")
        and PERSONAL_NAMES.search(column.name)
        and column.name not in NOT_OF_A_PERSON
    ]
    untagged = [
        name
        for name in found
        if not personal(metadata.tables[name.rpartition(".")[0]].c[name.rpartition(".")[2]])
    ]
    assert untagged == []
    assert {"crm.customers.email", "crm.customers.first_name", "crm.order_addresses.telephone"} <= set(found)


def test_money_dates_and_ids_are_not_tagged_so_that_reports_outlive_a_person() -> None:
    wrong = [
        name
        for name, column in zip(IDS, COLUMNS, strict=True)
        if personal(column)
        and (column.name.endswith(("_amount", "_at", "_id", "_key")) or column.name.startswith("is_"))
    ]
    assert wrong == []


@pytest.mark.parametrize("name", HISTORY)
def test_history_keeps_the_key_the_validity_and_tracked_columns_only(name: str) -> None:
    source = next(table for table in tables() if table.name == name)
    tracked = [field.name for field in source.fields if field.is_tracked]
    assert list(HISTORY[name].columns.keys()) == [
        source.key_column,
        "valid_from",
        "valid_to",
        *tracked,
        "window_id",
    ]
    for column in tracked:
        assert personal(HISTORY[name].c[column]) == personal(CRM[name].c[column])


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_references_name_fields_of_their_table(table: model.Table) -> None:
    fields = {field.name for field in table.fields}
    for reference in table.all_references():
        assert set(reference.ids) <= fields
    assert set(table.key) <= fields
    assert set(table.indexes) <= set(CRM[table.name].columns.keys())


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
def test_only_the_root_has_no_parent_unless_it_is_a_snapshot(entity: model.Entity) -> None:
    assert entity.root.parent is None
    for table in entity.tables[1:]:
        assert (table.parent is None) == entity.is_snapshot
        assert table.parent is None or table.parent.table == entity.root.name


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_no_field_holds_a_secret(table: model.Table) -> None:
    names = {field.name for field in table.fields} | {field.source("magento1") for field in table.fields}
    assert not {name for name in names if re.search(r"password|token|hash|cc_number|cvv|protect_code", name)}


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_key_fields_are_never_missing(table: model.Table) -> None:
    required = {field.name for field in table.fields if field.is_required}
    assert set(table.key) <= required


def test_both_sides_of_an_amount_are_declared_alike() -> None:
    for table in tables():
        if any(field.name == "currency_code" for field in table.fields):
            continue  # of one currency
        fields = {field.name: field for field in table.fields if field.kind is Kind.AMOUNT}
        for name, field in fields.items():
            if not name.startswith("base_") and f"{table.name}.{name}" not in WITHOUT_TWIN:
                twin = fields[f"base_{name}"]
                assert (twin.policy, twin.is_tracked) == (field.policy, field.is_tracked)
                assert twin.magento1 == CUT_SHORT.get(name, f"base_{field.magento1}")
