"""Each declared check with a record that passes and one that does not; Great Expectations really runs, once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from include.entities.catalogue import ENTITIES, entity
from include.entities.model import Entity, Expectation
from include.identity.guest_keys import GuestKeys
from include.magento.door import Record
from include.sync.checks import check_frames
from include.sync.expectations import UNIQUE, expectations_of
from include.sync.flatten import flatten
from include.sync.mapping import mapping_of
from include.sync.verdict import CheckResult
from tests.sync.records import (
    cart,
    cart_item,
    category,
    credit_memo,
    customer,
    dictionaries,
    directory,
    invoice,
    item,
    order,
    price_rules,
    product,
    shipment,
    stock,
    stock_of_sources,
    subscriber,
    tree,
)
from tests.sync.shop import REPORT, channel

CONTEXT = mapping_of(channel(), REPORT, GuestKeys(b"secret"))
# Record number 1 is healthy; each other one breaks the rules it is listed under and no other.
ORDERS: list[tuple[Record, set[str]]] = [
    (order(1), set()),
    (order(2, increment_id=None), {"orders.order_number_is_present"}),
    (order(3, items=[]), {"orders.order_has_lines"}),
    (order(4, grand_total="28.8200"), {"orders.grand_total_is_the_sum_of_its_parts"}),
    (order(5, grand_total="28.8100"), set()),  # a cent per line is tolerated
    (
        order(6, subtotal="25.0000", grand_total="33.8000"),
        {"orders.lines_add_up_to_the_subtotal"},
    ),
    (
        order(7, base_currency_code="eur"),
        {
            "orders.base_currency_code_is_iso_4217",
            "order_items.base_currency_code_is_iso_4217",
            "order_payments.base_currency_code_is_iso_4217",
        },
    ),
    (order(8, customer_email=None), {"orders.customer_email_is_present"}),
    (order(9, updated_at="0000-00-00 00:00:00"), {"orders.updated_at_is_present"}),
    (order(10, items=[item(1001, qty_ordered="0.0000")]), {"order_items.ordered_qty_is_positive"}),
    (order(11, items=[item(1101, tax_percent="101.0000")]), {"order_items.tax_pct_is_a_percentage"}),
    (order(12, items=[item(1201, discount_percent="-1.0000")]), {"order_items.discount_pct_is_a_percentage"}),
    (
        order(13, order_currency_code="E"),
        {
            "orders.order_currency_code_is_iso_4217",
            "order_items.order_currency_code_is_iso_4217",
            "order_payments.order_currency_code_is_iso_4217",
        },
    ),
    (order(14, store_currency_code="EURO"), {"orders.store_currency_code_is_iso_4217"}),
    (order(15, global_currency_code="€"), {"orders.global_currency_code_is_iso_4217"}),
    (
        order(16, items=[item(1601), item(1601)], subtotal="40.0000", grand_total="48.8000"),
        {"order_items.order_item_key_is_unique"},
    ),
    (order(17, hidden_tax_amount="1.0000", grand_total="29.8000"), set()),
    (order(18, discount_amount="-5.0000", grand_total="23.8000"), set()),
    (order(19, created_at="9999-12-31 00:00:00", customer_dob="0001-01-01"), set()),
    (order(20, subtotal=None, grand_total=None), set()),
    (
        order(21),
        {
            "orders.order_key_is_unique",
            "orders.lines_add_up_to_the_subtotal",
            "order_addresses.order_address_key_is_unique",
            "order_comments.order_comment_key_is_unique",
            "order_payments.order_payment_key_is_unique",
            "order_items.order_item_key_is_unique",
        },
    ),
]
TWINS: list[Record] = [order(21)]
CUSTOMERS: list[tuple[Record, set[str]]] = [
    (customer(1), set()),
    (customer(2, email=None), {"customers.email_is_present"}),
    (customer(3, email="nobody at home"), {"customers.email_looks_like_one"}),
    (customer(4, created_at=None), {"customers.created_at_is_present"}),
    (
        customer(5, addresses=[{"customer_address_id": "50", "country_id": "UK1"}]),
        {"customer_addresses.country_is_two_letters"},
    ),
    (customer(6, email=" Ada@Example.com\n", addresses=[]), set()),
]  # fmt: skip
CREDIT_MEMOS: list[tuple[Record, set[str]]] = [
    (credit_memo(1), set()),
    (credit_memo(2, order_id=None), {"credit_memos.order_is_known"}),
    (credit_memo(3, grand_total="-1.0000"), {"credit_memos.grand_total_is_not_negative"}),
    (credit_memo(4, items=[], comments=[]), set()),  # an adjustment only
]
CARTS: list[tuple[Record, set[str]]] = [
    (cart(1), set()),
    (cart(2, items_qty="-1"), {"carts.items_qty_is_not_negative"}),
    (cart(3, items=[cart_item(301, qty="0")]), {"cart_items.item_qty_is_positive"}),
    (cart(4, items=[], items_qty="0", items_count="0", customer_email=None), set()),
    (
        cart(5, quote_currency_code="eur"),
        {"carts.cart_currency_code_is_iso_4217", "cart_items.cart_currency_code_is_iso_4217"},
    ),
    (cart(6, updated_at="0000-00-00 00:00:00", is_active="true"), set()),
]
SUBSCRIBERS: list[tuple[Record, set[str]]] = [
    (subscriber(1), set()),
    (subscriber(2, subscriber_email=None), {"newsletter_subscribers.email_is_present"}),
    (subscriber(3, subscriber_status="5"), {"newsletter_subscribers.status_is_known"}),
    (subscriber(4, subscriber_status=None), {"newsletter_subscribers.subscription_has_a_status"}),
    *((subscriber(4 + int(status), subscriber_status=status), set()) for status in "1234"),
    (subscriber(9, change_status_at=None, customer_id="5"), set()),
]
INVOICES: list[tuple[Record, set[str]]] = [
    (invoice(1), set()),
    (invoice(2, order_id=None), {"invoices.order_is_known"}),
    (invoice(3, grand_total="-1.0000"), {"invoices.grand_total_is_not_negative"}),
    # A store that does not answer the call for details.
    (invoice(4, items=None, comments=None, base_currency_code=None, store_id=None), set()),
]
SHIPMENTS: list[tuple[Record, set[str]]] = [
    (shipment(1), set()),
    (shipment(2, total_qty="-1.0000"), {"shipments.shipped_qty_is_not_negative"}),
    # A store that does not answer the call for details.
    (shipment(3, shipment_id=None, order_id=None, items=None, tracks=None, comments=None), set()),
]
PRODUCTS: list[tuple[Record, set[str]]] = [
    (product(1), set()),
    (product(2, sku=None), {"products.sku_is_present"}),
    (product(3, name=None), {"products.product_name_is_present"}),
    (product(4, price="-0.0100"), {"products.price_is_not_negative"}),
    (product(5, type="bundle", special_price="180.0000"), {"products.special_price_pct_is_a_percentage"}),
    (product(6, category_ids=[], website_ids=[], price=None), set()),
]
# A snapshot is one record: what fails in it is told of the whole.
TREES: list[tuple[Record, set[str]]] = [
    (tree() | {"name": "categories"}, set()),
    (
        {"tree": category(10, category(11, name=None)), "name": "categories"},
        {"categories.category_name_is_present"},
    ),
]
STOCK: list[tuple[Record, set[str]]] = [({**stock(1, 2), **stock_of_sources("mug-1", north="5")}, set())]
RULES: list[tuple[Record, set[str]]] = [
    (price_rules("SPRING") | {"name": "price_rules"}, set()),
    (price_rules("SUMMER", None, first=10) | {"name": "price_rules"}, {"coupons.coupon_code_is_present"}),
]
CASES = {
    "shipments": (SHIPMENTS, "increment_id"),
    "invoices": (INVOICES, "invoice_id"),
    "orders": (ORDERS, "order_id"),
    "customers": (CUSTOMERS, "customer_id"),
    "credit_memos": (CREDIT_MEMOS, "creditmemo_id"),
    "newsletter_subscribers": (SUBSCRIBERS, "subscriber_id"),
    "carts": (CARTS, "entity_id"),
    "products": (PRODUCTS, "product_id"),
    "categories": (TREES, "name"),
    "stock": (STOCK, "name"),
    "price_rules": (RULES, "name"),
}
Outcome = dict[str, CheckResult]


def checked(name: str, records: Sequence[Record]) -> Outcome:
    flat = flatten(records, entity(name), "magento1", CONTEXT)
    assert flat.refusals == []
    results = check_frames(entity(name), flat.frames)
    return {f"{result.expectation.table}.{result.expectation.rule}": result for result in results}


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    return {
        "orders": checked("orders", [*(record for record, _ in ORDERS), *TWINS]),
        "customers": checked("customers", [record for record, _ in CUSTOMERS]),
        "stores": checked("stores", [dictionaries()]),
        "regions": checked("regions", [directory()]),
        "invoices": checked("invoices", [record for record, _ in INVOICES]),
        "shipments": checked("shipments", [record for record, _ in SHIPMENTS]),
        "credit_memos": checked("credit_memos", [record for record, _ in CREDIT_MEMOS]),
        "carts": checked("carts", [record for record, _ in CARTS]),
        "newsletter_subscribers": checked("newsletter_subscribers", [record for record, _ in SUBSCRIBERS]),
        "products": checked("products", [record for record, _ in PRODUCTS]),
        "categories": checked("categories", [record for record, _ in TREES]),
        "stock": checked("stock", [record for record, _ in STOCK]),
        "price_rules": checked("price_rules", [record for record, _ in RULES]),
    }


def expected(cases: Sequence[tuple[Record, set[str]]], id_field: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for record, rules in cases:
        for rule in rules:
            found.setdefault(rule, set()).add(f"us:{record[id_field]}")
    return found


@pytest.mark.parametrize(
    ("name", "cases", "id_field"), [(name, cases, id_field) for name, (cases, id_field) in CASES.items()]
)
def test_each_check_finds_its_failing_record_and_passes_every_other(
    outcomes: dict[str, Outcome], name: str, cases: list[tuple[Record, set[str]]], id_field: str
) -> None:
    failed = {
        rule: set(result.failed_roots) for rule, result in outcomes[name].items() if result.failed_count
    }
    assert failed == expected(cases, id_field)


OWN = [(e.name, check) for e in ENTITIES for check in e.expectations]


@pytest.mark.parametrize(("name", "check"), OWN, ids=[f"{name}.{check.rule}" for name, check in OWN])
def test_every_declared_check_has_a_failing_example_here(name: str, check: Expectation) -> None:
    cases, _ = CASES[name]
    assert any(f"{check.table}.{check.rule}" in rules for _, rules in cases)


def test_every_check_of_every_table_is_run(outcomes: dict[str, Outcome]) -> None:
    for one in ENTITIES:
        declared = {
            f"{check.table}.{check.rule}" for table in one.tables for check in expectations_of(one, table)
        }
        assert set(outcomes[one.name]) == declared


@pytest.mark.parametrize("one", ENTITIES, ids=lambda one: one.name)
def test_every_check_can_be_run_part_by_part(one: Entity) -> None:
    """It looks at single rows; what it says of a part must not depend on the other parts, but for keys."""
    import great_expectations.expectations as gxe
    from great_expectations.expectations import expectation

    by_row = (
        expectation.ColumnMapExpectation,
        expectation.ColumnPairMapExpectation,
        expectation.MulticolumnMapExpectation,
    )
    for table in one.tables:
        for check in expectations_of(one, table):
            assert issubclass(getattr(gxe, check.type), by_row), check.rule
            assert check.type != UNIQUE or check.arguments["column"] == table.key_column, check.rule


def test_healthy_dictionaries_pass_everything(outcomes: dict[str, Outcome]) -> None:
    for name in ("stores", "regions"):
        assert not any(result.failed_count for result in outcomes[name].values())


def test_rows_and_failures_are_counted(outcomes: dict[str, Outcome]) -> None:
    unique = outcomes["orders"]["orders.order_key_is_unique"]
    assert (unique.evaluated, unique.failed_count, unique.failed_keys) == (
        len(ORDERS) + 1,
        2,
        ("us:21", "us:21"),
    )
    lines = outcomes["orders"]["order_items.ordered_qty_is_positive"]
    assert (lines.failed_keys, lines.failed_roots) == (("us:1001",), ("us:10",))
