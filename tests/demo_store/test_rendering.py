"""What the fast rendering relies on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from include.demo_store.generate.money import short
from include.demo_store.wire.layout import TEXT_FIELDS, Composite, Layout, escaped

PLAIN = re.compile(r"[0-9A-Za-z_.:+ -]+")


KINDS = ("orders", "customers", "carts", "subscribers", "credit_memos", "invoices", "shipments", "products")
NOT_ON_THE_WIRE = {"category"}


def rows_in(record: Any) -> Iterator[dict[str, str | None]]:
    """The rows that a record consists of."""
    if isinstance(record, dict):
        yield record
    elif isinstance(record, list):
        for entry in record:
            yield from rows_in(entry)
    elif is_dataclass(record):
        for field in fields(record):
            yield from rows_in(getattr(record, field.name))


@pytest.mark.parametrize("kind", KINDS)
def test_fields_that_are_not_escaped_never_need_it(kind: str, store: Any) -> None:
    values = {
        (name, value)
        for record in getattr(store.shop, kind)()
        for row in rows_in(record)
        for name, value in row.items()
    }
    assert values
    for name, value in values:
        assert name in TEXT_FIELDS | NOT_ON_THE_WIRE or value is None or PLAIN.fullmatch(value), (name, value)


def test_a_rows_key_order_does_not_change_the_wire_order() -> None:
    layout = Layout("salesOrderAddressEntity")
    row = {"city": "Ulm", "firstname": "A&B", "postcode": None, "street": ""}
    wanted = (
        '<firstname xsi:type="xsd:string">A&amp;B</firstname>\n<street xsi:type="xsd:string">\n</street>\n'
        '<city xsi:type="xsd:string">Ulm</city>\n'
    )
    assert layout.fill(row) == layout.fill(dict(reversed(row.items()))) == wanted


def test_escaping_leaves_line_feeds_and_tabs_alone() -> None:
    assert escaped("a\nb\tc\r<d>&\x00\x0b\x7f") == "a\nb\tc&#13;&lt;d&gt;&amp;&amp;#0;&amp;#11;\x7f"


def test_fields_between_nested_elements_keep_their_place() -> None:
    order = Composite("salesOrderShipmentEntity").element(
        "item", {"shipment_id": "4", "increment_id": "1"}, {}
    )
    assert order.index("<increment_id") < order.index("<shipment_id")
    product = Composite("catalogProductReturnEntity").element(
        "info", {"sku": "a", "name": "b"}, {"websites": "<websites/>\n", "tier_price": "<tier_price/>\n"}
    )
    places = [product.index(part) for part in ("<sku", "<websites", "<name", "<tier_price")]
    assert places == sorted(places)


def test_floats_are_printed_as_php_prints_them() -> None:
    values = ("10.9800", "2.0000", "0.0000", "-5.5000", "0", "100")
    assert [short(value) for value in values] == ["10.98", "2", "0", "-5.5", "0", "100"]
