"""The shop's own database against the warehouse: every number of counts.tsv, and every row of each table beside it.

`test_columns` and its like hold the warehouse to the wire; here the wire has no say. What counts.tsv counts and the
warehouse does not hold is named, so that a new line cannot go unasked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.wire.chain import contents
from tests.wire.conftest import Loaded
from tests.wire.recorded import truth
from tests.wire.values import typed

ORDERS = "select count(*) from crm.orders where "
CARTS = "select count(*) from crm.carts where "
SUBSCRIBERS = "select count(*) from crm.newsletter_subscribers where "
NEEDS_BRIDGE = ("quote", "newsletter", "regions")
UNKNOWN = {
    "wishlists": "not read",
    "wishlist items": "not read",
    "gift messages": "those of carts and lines that are gone are nowhere on the wire",
    "status history visible_on_front": "the wire does not tell it",
    "orders guest flag": "told from the customer id instead, so that buyers deleted since are guests too",
    "orders customer_id null & not guest (customer deleted)": "guests, like all without a customer",
}
COUNTS: Mapping[str, str] = {
    "websites": "select count(*) from crm.websites",
    "store views": "select count(*) from crm.stores",
    "customer groups": "select count(*) from crm.customer_groups",
    "customers": "select count(*) from crm.customers where not is_guest",
    "emails on >1 website (case-insens.)": "select count(*) from (select from crm.customers where not is_guest"
    " and email_normalised is not null group by email_normalised having count(distinct website_id) > 1) as shared",
    "customer addresses": "select count(*) from crm.customer_addresses",
    "products": "select count(*) from crm.products",
    "categories (incl 2 roots)": "select count(*) from crm.categories",
    "orders": "select count(*) from crm.orders",
    "orders customer_id null": f"{ORDERS} is_guest",
    "orders store null": f"{ORDERS} store_id is null",
    "orders updated_at null": f"{ORDERS} source_updated_at is null",
    "orders email null/empty": f"{ORDERS} customer_email is null",
    "orders zero total": f"{ORDERS} grand_total_amount = 0",
    "orders with coupon": f"{ORDERS} coupon_code is not null",
    "orders with discount": f"{ORDERS} discount_amount <> 0",
    "order items (rows incl. children)": "select count(*) from crm.order_items",
    "order items without parent": "select count(*) from crm.order_items where parent_item_key is null",
    "order status history rows": "select count(*) from crm.order_comments",
    "status history with non-empty comment": "select count(*) from crm.order_comments where comment_text is not null",
    "invoices": "select count(*) from crm.invoices",
    "shipments": "select count(*) from crm.shipments",
    "credit memos": "select count(*) from crm.credit_memos",
    "quotes": "select count(*) from crm.carts",
    "quotes active": f"{CARTS} is_active",
    "quotes active & items>0": f"{CARTS} is_active and item_count > 0",
    "quotes converted_at set": f"{CARTS} converted_at is not null",
    "quotes updated_at 0000-00-00": f"{CARTS} source_updated_at is null",
    "quotes empty": f"{CARTS} item_count = 0",
    "quotes guest (no customer)": f"{CARTS} is_guest",
    "quotes multi_shipping": f"{CARTS} is_multi_shipping",
    "quote items": "select count(*) from crm.cart_items",
    "newsletter subscribers": "select count(*) from crm.newsletter_subscribers",
    "newsletter change_status_at null": f"{SUBSCRIBERS} source_updated_at is null",
    "regions": "select count(*) from crm.regions",
    "countries": "select count(*) from crm.countries",
}
_PLAIN = {"\\\\": "\\", "\\t": "\t", "\\n": "\n", "\\0": "\0"}
_ESCAPED = re.compile(r"\\[\\tn0]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
STATES = {"1": "subscribed", "2": "not_active", "3": "unsubscribed", "4": "unconfirmed"}


def statement(name: str) -> str:
    """How the warehouse is asked for a line of counts.tsv."""
    match name.split():
        case ["orders", "state", which]:
            state, _, status = which.partition("/")
            return f"{ORDERS} state = '{state}' and status = '{status}'"
        case ["orders", "currency", ordered, "base", base]:
            return f"{ORDERS} order_currency_code = '{ordered}' and base_currency_code = '{base}'"
        case ["newsletter", "status", code, "guest" | "customer" as whose]:
            is_null = "is null" if whose == "guest" else "is not null"
            return f"{SUBSCRIBERS} status = '{STATES[code]}' and customer_key {is_null}"
    return COUNTS[name]


def counted(folder: Path) -> dict[str, int]:
    lines = (folder / "counts.tsv").read_text().splitlines()[1:]
    return {name: int(count) for name, _, count in (line.rpartition("\t") for line in lines)}


@pytest.fixture(params=["with_bridge", "without_bridge"])
def loaded(request: pytest.FixtureRequest) -> Loaded:
    found: Loaded = request.getfixturevalue(request.param)
    return found


def test_every_number_of_the_shop_s_books_is_the_warehouse_s(
    loaded: Loaded, with_bridge: Loaded, truth_dir: Path
) -> None:
    wanted = {name: count for name, count in counted(truth_dir).items() if name not in UNKNOWN}
    if loaded is not with_bridge:
        wanted = {name: count for name, count in wanted.items() if not name.startswith(NEEDS_BRIDGE)}
    # NULL and '' are two lines in the books; both are no address.
    no_email = sum(wanted.pop(f"customers email {how}") for how in ("null", "empty"))
    with loaded.engine.connect() as connection:
        found = {name: connection.execute(text(statement(name))).scalar_one() for name in wanted}
        missing = "select count(*) from crm.customers where not is_guest and email is null"
        assert connection.execute(text(missing)).scalar_one() == no_email
    assert found == wanted
    assert len(wanted) > 35


def test_what_is_not_held_is_counted_in_the_books(truth_dir: Path) -> None:
    assert UNKNOWN.keys() <= counted(truth_dir).keys()


TABLES: Mapping[str, tuple[str, str, str]] = {
    "orders": (
        "orders",
        "entity_id",
        """order_number increment_id|state state|status status|store_id store_id|customer_id customer_id
        customer_email customer_email|customer_group_id customer_group_id|base_currency_code base_currency_code
        order_currency_code order_currency_code|subtotal_amount subtotal|discount_amount discount_amount
        coupon_code coupon_code|shipping_amount shipping_amount|tax_amount tax_amount|grand_total_amount grand_total
        base_grand_total_amount base_grand_total|total_paid_amount total_paid|total_refunded_amount total_refunded
        total_canceled_amount total_canceled|total_invoiced_amount total_invoiced|cart_id quote_id
        source_created_at created_at|source_updated_at updated_at|replaces_order_id relation_parent_id
        replaced_by_order_id relation_child_id|gift_message_id gift_message_id|is_virtual is_virtual""",
    ),
    "order_items": (
        "order_items",
        "item_id",
        """order_id order_id|product_id product_id|product_type product_type|sku sku|product_name name
        ordered_qty qty_ordered|invoiced_qty qty_invoiced|shipped_qty qty_shipped|refunded_qty qty_refunded
        canceled_qty qty_canceled|price_amount price|tax_amount tax_amount|discount_amount discount_amount
        row_total_amount row_total|parent_item_id parent_item_id""",
    ),
    "customers": (
        "customers",
        "entity_id",
        """website_id website_id|store_id store_id|customer_group_id group_id|email email|first_name firstname
        last_name lastname|source_created_at created_at|source_updated_at updated_at""",
    ),
    "quotes": (
        "carts",
        "entity_id",
        """store_id store_id|is_active is_active|is_virtual is_virtual|is_multi_shipping is_multi_shipping
        item_count items_count|items_qty items_qty|customer_id customer_id|customer_email customer_email
        base_currency_code base_currency_code|cart_currency_code quote_currency_code|grand_total_amount grand_total
        subtotal_amount subtotal|coupon_code coupon_code|reserved_order_number reserved_order_id
        converted_at converted_at|source_created_at created_at|source_updated_at updated_at""",
    ),
    "creditmemos": (
        "credit_memos",
        "entity_id",
        """credit_memo_number increment_id|order_id order_id|store_id store_id|grand_total_amount grand_total
        base_grand_total_amount base_grand_total|subtotal_amount subtotal|shipping_amount shipping_amount
        tax_amount tax_amount|source_created_at created_at|source_updated_at updated_at""",
    ),
}


def columns_of(listed: str) -> dict[str, str]:
    words = [word for line in listed.splitlines() for pair in line.split("|") for word in pair.split()]
    return dict(zip(words[::2], words[1::2], strict=True))


def as_warehouse(column: str, value: str | None, found: object) -> object:
    """A value of the shop's database, typed by the column's name.

    The books write a missing value as NULL and cannot tell it from the name of that spelling; the wire has control
    characters as references.
    """
    if value is None or not value.strip() or value.startswith("0000-00-00"):
        return "NULL" if found == "NULL" else None
    plain = _ESCAPED.sub(lambda found: _PLAIN[found[0]], value)
    return typed(column, _CONTROL.sub(lambda found: f"&#{ord(found[0])};", plain))


def differing(engine: Engine, folder: Path, name: str) -> dict[str, tuple[Any, Any]]:
    table, id_column, listed = TABLES[name]
    columns = columns_of(listed)
    found = contents(engine, table)
    return {
        f"{key}.{ours}": (found[key][ours], row[theirs])
        for row in truth(folder, name)
        for key in (f"us:{row[id_column]}",)
        for ours, theirs in columns.items()
        if found[key][ours] != as_warehouse(ours, row[theirs], found[key][ours])
    }


@pytest.mark.parametrize("name", TABLES)
def test_every_row_of_the_shop_s_database_is_the_warehouse_s(
    loaded: Loaded, with_bridge: Loaded, truth_dir: Path, name: str
) -> None:
    if loaded is not with_bridge and name.startswith(NEEDS_BRIDGE):
        pytest.skip("needs the bridge")
    assert differing(loaded.engine, truth_dir, name) == {}
