"""What the fast rendering relies on."""

from __future__ import annotations

import re
from typing import Any

from include.demo_store import Shop
from include.demo_store.wire.render import TEXT_FIELDS, Layout, escaped

PLAIN = re.compile(r"[0-9A-Za-z_.:+ -]+")


def test_fields_that_are_not_escaped_never_need_it() -> None:
    shop = Shop(customers=420, orders=1000)
    rows: list[dict[str, Any]] = []
    for order in shop.orders():
        rows += [order.row, order.billing_address, order.payment, *order.items, *order.history]
    for customer in shop.customers():
        rows += [customer.row, *customer.addresses]
    for row in rows:
        for name, value in row.items():
            assert name in TEXT_FIELDS or value is None or PLAIN.fullmatch(value), (name, value)


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
