"""What is written, held to the requests that a real Magento 2.4.4 was sent, and its answers read as they came.

Two things are ours: a comment carries the status, whose lack cost that store the status of sixteen orders; and a
region is told by its number, to which Magento finds code and name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from include.magento import cart_changes as carts
from include.magento import writing
from include.magento.cart_changes import CartAddress, CartItem, CartRef
from include.magento.door import children
from include.magento.rest.client import RestDoor
from include.magento.writing import Change
from include.write_back.cart_content import CartContent
from tests.magento.rest.conftest import BEARER
from tests.magento.rest.scripted_list import door_to

Json = dict[str, Any]
VIEWS = [
    {"id": 0, "code": "admin", "website_id": 0, "is_active": 1},
    {"id": 1, "code": "default", "website_id": 1, "is_active": 1},
    {"id": 2, "code": "eu_en", "website_id": 2, "is_active": 1},
]
ADDRESS = {
    "firstname": "Bob",
    "lastname": "Müller",
    "street": "1 Main St\nApt 2",
    "city": "Los Angeles",
    "postcode": "90001",
    "telephone": "555-1",
    "country_id": "US",
    "region_id": "12",
    "region": "California",
}
NEW = {
    "email": "cust1@example.com",
    "firstname": "Bob",
    "lastname": "Müller",
    "website_id": "1",
    "store_id": "1",
    "group_id": "1",
}


@dataclass
class Recorded:
    """The recorded store: answers its own requests, and whatever else a test tells it to."""

    folder: Path
    answers: dict[tuple[str, str], object] = field(default_factory=dict)
    sent: list[tuple[str, str, Any]] = field(default_factory=list)

    def file(self, name: str) -> Json:
        found: Json = json.loads((self.folder / f"{name}.json").read_text())
        return found

    def knows(self, *names: str) -> None:
        """Answer these recorded requests as they were answered."""
        for name in names:
            told = self.file(name)
            self.answers[told["request"]["method"], told["request"]["path"]] = told["response"]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode().removeprefix("/rest").partition("?")[0]
        body = json.loads(request.content) if request.content else None
        if request.method != "GET":
            self.sent.append((request.method, path, body))
        if path == "/V1/store/storeViews":
            return httpx.Response(200, json=VIEWS)
        if (request.method, path) in self.answers:
            return httpx.Response(200, json=self.answers[request.method, path])
        if path.endswith(("carts/search", "/V1/products")):
            return httpx.Response(200, json={"items": [], "search_criteria": {}, "total_count": 0})
        return httpx.Response(404, json={"message": "Request does not match any route."})


@pytest.fixture
def recorded(shared_dir: Path) -> Recorded:
    folder = shared_dir / "magento2" / "responses" / "write"
    if not folder.is_dir():
        pytest.skip("no recorded writes of Magento 2 beside the checkout")
    store = Recorded(folder)
    store.knows(
        *(f"cart_get{part}" for part in ("", "_items", "_totals", "_shipping_methods", "_payment_methods"))
    )
    store.knows("cart_get_selected_payment_method")
    return store


@pytest.fixture
def door(recorded: Recorded) -> Iterator[RestDoor]:
    opened = door_to(recorded, BEARER)
    yield opened
    opened.close()


def request_of(recorded: Recorded, name: str) -> tuple[str, str, Any]:
    told = recorded.file(name)["request"]
    return told["method"], told["path"], told["body"]


def without(body: Any, *names: str) -> Any:
    """The body without these keys, wherever they stand."""
    if isinstance(body, dict):
        return {key: without(value, *names) for key, value in body.items() if key not in names}
    return [without(one, *names) for one in body] if isinstance(body, list) else body


CART, OTHER = CartRef(cart_id=1, store_id=1), CartRef(cart_id=6, store_id=1)
WRITES: dict[str, tuple[Change, str | None]] = {
    "order_hold": (writing.HoldOrder(order_id=6, order_number="000000006"), None),
    "order_cancel": (writing.CancelOrder(order_id=5, order_number="000000005"), None),
    "carts_post": (carts.CreateCart(store_id=1), "53"),
    "customer_carts_post": (carts.CreateCart(store_id=1, customer_id=1), "1"),
    "cart_items_post": (
        carts.AddItems(cart=CART, items=(CartItem(sku="SKU-004", qty=Decimal("1.0000")),)),
        None,
    ),
    "cart_items_post_virtual": (
        carts.AddItems(
            cart=CartRef(cart_id=10, store_id=1), items=(CartItem(sku="SKU-030", qty=Decimal(1)),)
        ),
        None,
    ),
    "cart_items_post_bundle": (
        carts.AddItems(
            cart=CartRef(cart_id=9, store_id=1),
            items=(
                CartItem(sku="BUNDLE", qty=Decimal(1), bundle_options={"1": "1"}, bundle_qtys={"1": "2"}),
            ),
        ),
        None,
    ),
    "cart_coupon_put": (carts.ApplyCoupon(cart=OTHER, code="FIVEOFF"), None),
}


@pytest.mark.parametrize("name", WRITES)
def test_request_is_the_recorded_one_and_its_answer_is_read(
    recorded: Recorded, door: RestDoor, name: str
) -> None:
    recorded.knows(name)
    change, answer = WRITES[name]
    assert door.writer.write(change) == answer
    assert recorded.sent == [request_of(recorded, name)]


def test_customer_is_made_with_the_fields_that_were_recorded(recorded: Recorded, door: RestDoor) -> None:
    recorded.knows("customers_post")
    assert door.writer.write(writing.CreateCustomer(fields=NEW, password="Passw0rd!1")) == "1"
    ((verb, path, body),) = recorded.sent
    asked = request_of(recorded, "customers_post")
    extras = ("custom_attributes", "extension_attributes", "addresses")
    assert (verb, path, body) == (*asked[:2], without(asked[2], *extras))


def test_comment_is_the_recorded_one_with_the_status_it_lacked(recorded: Recorded, door: RestDoor) -> None:
    recorded.knows("order_comment_post")
    change = writing.CommentOrder(
        order_id=1, order_number="1", status="processing", text="ETL comment 1 — ünï", is_visible=True
    )
    assert door.writer.write(change) is None
    ((verb, path, body),) = recorded.sent
    assert body["statusHistory"].pop("status") == "processing"
    assert (verb, path, body) == request_of(recorded, "order_comment_post")


def test_variant_is_put_in_by_the_attribute_it_is_chosen_by(recorded: Recorded, door: RestDoor) -> None:
    products = json.loads((recorded.folder.parent / "read" / "products.json").read_text())
    recorded.knows("cart_items_post_configurable")
    shirt = [row for row in products["items"] if row["sku"] == "CONF"]
    recorded.answers["GET", "/V1/products"] = {"items": shirt, "search_criteria": {}, "total_count": 1}
    item = CartItem(sku="CONF", qty=Decimal(2), options={"93": "5"})
    door.writer.write(carts.AddItems(cart=CartRef(cart_id=7, store_id=1), items=(item,)))
    assert recorded.sent == [request_of(recorded, "cart_items_post_configurable")]


def test_line_of_a_variant_tells_what_it_was_chosen_of(recorded: Recorded, door: RestDoor) -> None:
    products = json.loads((recorded.folder.parent / "read" / "products.json").read_text())
    recorded.answers["GET", "/V1/products"] = {**products, "total_count": len(products["items"])}
    shirt = recorded.file("cart_items_post_configurable")["response"]
    path = "/default/V1/carts/1"
    recorded.answers["GET", path] = {**recorded.file("cart_get")["response"], "items": [shirt]}
    cart = door.writer.cart(CART)
    (line,) = children(cart, "items")
    assert (line["sku"], line["chosen_of"], line["product_id"]) == ("CONF-Blue", "CONF", "33")
    holds = CartContent.of(cart)
    assert (holds.held("item CONF-Blue"), holds.held("item CONF")) == ("2", None)
    assert holds.chosen == {"item CONF 93=5": 2, "item #33 93=5": 2}
    item = CartItem(sku="CONF", qty=Decimal(3), options={"93": "5"})
    recorded.answers["PUT", f"{path}/items/13"] = shirt
    door.writer.write(carts.ChangeItems(cart=CART, items=(item,)))
    ((verb, asked, body),) = recorded.sent
    assert (verb, asked) == ("PUT", f"{path}/items/13")
    assert body == {"cartItem": {"item_id": 13, "qty": 3, "quote_id": "1"}}


def test_addresses_and_shipping_are_the_recorded_ones(recorded: Recorded, door: RestDoor) -> None:
    recorded.knows("cart_billing_post", "cart_shipping_information")
    address = CartAddress(fields=ADDRESS)
    door.writer.write(carts.SetAddresses(cart=CART, billing=address, shipping=address))
    door.writer.write(carts.SetShippingMethod(cart=CART, code="flatrate_flatrate"))
    billing, shipping = (request_of(recorded, n) for n in ("cart_billing_post", "cart_shipping_information"))
    told = recorded.sent[0]
    assert (*told[:2], told[2]) == (*billing[:2], without(billing[2], "region_code"))
    assert recorded.sent[1] == shipping


def test_order_is_placed_as_it_was_recorded(recorded: Recorded, door: RestDoor) -> None:
    recorded.knows("cart_order_put")
    recorded.answers["GET", "/default/V1/carts/1/selected-payment-method"] = {
        "method": "checkmo",
        "po_number": "PO1",
        "additional_data": [],
    }
    assert door.writer.write(carts.PlaceOrder(cart=CART)) == "1"
    assert recorded.sent == [request_of(recorded, "cart_order_put")]


def test_cart_is_told_as_every_store_tells_one(recorded: Recorded, door: RestDoor) -> None:
    cart = door.writer.cart(CART)
    assert (cart["grand_total"], cart["customer_id"], cart["customer_email"]) == (
        "111.49",
        "1",
        "cust1@example.com",
    )
    assert cart["billing_address"]["street"] == "1 Main St\nApt 2"  # type: ignore[index, call-overload]
    assert [(m.code, m.price) for m in door.writer.shipping_methods(CART)] == [
        ("flatrate_flatrate", Decimal(15))
    ]
    assert [m.code for m in door.writer.payment_methods(CART)] == ["checkmo"]
    totals = door.writer.totals(CART)
    assert (totals[-1].title, totals[-1].amount) == ("Grand Total", Decimal("111.49"))
    assert door.writer.agreements(CART) == []


def test_requests_go_to_the_view_of_their_shop(recorded: Recorded, door: RestDoor) -> None:
    recorded.answers["POST", "/eu_en/V1/carts"] = "60"
    assert door.writer.write(carts.CreateCart(store_id=2)) == "60"
