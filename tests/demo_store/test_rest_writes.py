"""What is written over REST, with what was measured on a real 2.4.4: nothing is idempotent, little is checked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from include.demo_store import RunningStore, running_store
from tests.demo_store.rest_caller import RestCaller

BOB = {
    "firstname": "Bob", "lastname": "Müller", "street": ["1 Main St", "Apt 2"], "city": "Los Angeles",
    "postcode": "90001", "telephone": "555-1", "country_id": "US", "email": "bob@example.com", "region_id": 12,
    "region": "California", "region_code": "CA",
}  # fmt: skip
BY_FLAT_RATE = {"shipping_carrier_code": "flatrate", "shipping_method_code": "flatrate"}
ADDRESSED = {"addressInformation": {"shipping_address": BOB, "billing_address": BOB, **BY_FLAT_RATE}}
CHECK = {"paymentMethod": {"method": "checkmo", "po_number": "PO1"}}


@pytest.fixture
def store() -> Iterator[RunningStore]:
    with running_store(kind="magento2", customers=60, orders=120) as running:
        yield running


@pytest.fixture
def call(store: RunningStore) -> RestCaller:
    return RestCaller(store)


def said(call: RestCaller, verb: str, path: str, body: Any = None, scope: str = "") -> Any:
    answer = call.send(verb, path, body, scope=scope)
    assert answer.status_code == 200, (path, answer.text)
    return answer.json()


def order_in(call: RestCaller, state: str) -> dict[str, Any]:
    orders = call.listed("orders", ("state", "eq", state))["items"]
    found: dict[str, Any] = next(order for order in orders if order.get("updated_at", "0") < "2027")
    return found


def single(call: RestCaller, path: str) -> Any:
    return call.get(path).json()


def test_comment_without_a_status_takes_the_order_s_away(call: RestCaller) -> None:
    order = order_in(call, "complete")
    path = f"orders/{order['entity_id']}"
    history = {"comment": "ring twice", "is_customer_notified": 0, "is_visible_on_front": 1, "parent_id": 1}
    assert said(call, "POST", f"{path}/comments", {"statusHistory": history}) is True
    found = single(call, path)
    assert "status" not in found
    assert (found["state"], found["updated_at"]) == ("complete", "2026-11-22 06:00:00")
    (newest, *_) = found["status_histories"]
    assert {"status"} & newest.keys() == set()
    assert (newest["comment"], newest["is_visible_on_front"]) == ("ring twice", 1)
    assert call.listed("orders", ("status", "null", "1"))["total_count"] == 1


def test_comment_with_the_order_s_status_moves_no_date_and_is_made_as_often_as_it_is_sent(
    call: RestCaller,
) -> None:
    order = order_in(call, "complete")
    path = f"orders/{order['entity_id']}"
    history = {
        "comment": "again",
        "status": order["status"],
        "is_customer_notified": 1,
        "is_visible_on_front": 0,
    }
    for _ in range(2):
        said(call, "POST", f"{path}/comments", {"statusHistory": history})
    found = single(call, path)
    assert (found["status"], found["updated_at"]) == (order["status"], order["updated_at"])
    assert [one["comment"] for one in found["status_histories"][:2]] == ["again", "again"]


def test_orders_are_held_let_go_and_cancelled_as_their_state_allows(call: RestCaller) -> None:
    path = f"orders/{order_in(call, 'new')['entity_id']}"
    assert said(call, "POST", f"{path}/hold") is True
    assert call.send("POST", f"{path}/hold").json() == {"message": "A hold action is not available."}
    assert single(call, path)["hold_before_state"] == "new"
    assert said(call, "POST", f"{path}/cancel") is False
    assert said(call, "POST", f"{path}/unhold") is True
    assert call.send("POST", f"{path}/unhold").status_code == 400
    assert said(call, "POST", f"{path}/cancel") is True
    assert single(call, path)["state"] == "canceled"
    assert call.send("POST", "orders/99999/hold").status_code == 404


def customer_with(call: RestCaller, addresses: int) -> dict[str, Any]:
    people = call.listed("customers/search")["items"]
    found: dict[str, Any] = next(one for one in people if len(one["addresses"]) == addresses)
    return found


def test_addresses_sent_are_all_there_are_and_incomplete_ones_are_dropped(call: RestCaller) -> None:
    customer = customer_with(call, 2)
    path = f"customers/{customer['id']}"
    kept, gone = customer["addresses"]
    new = {**{name: kept[name] for name in ("firstname", "lastname")}, "street": ["New 1"], "city": "Neustadt",
           "telephone": "1", "country_id": "DE", "postcode": "10115", "region": {"region_id": 82}}  # fmt: skip
    book = [{**kept, "city": "Anderswo"}, new, {"firstname": "Half"}]
    found = said(call, "PUT", path, {"customer": {**customer, "addresses": book}})
    assert {one["city"] for one in found["addresses"]} == {"Anderswo", "Neustadt"}
    assert gone["id"] not in {one["id"] for one in found["addresses"]}
    added = next(one for one in found["addresses"] if one["city"] == "Neustadt")
    assert added["region"] == {"region_code": "BER", "region": "Berlin", "region_id": 82}
    assert said(call, "PUT", path, {"customer": {"id": customer["id"], "firstname": "X"}})["addresses"]
    assert said(call, "PUT", path, {"customer": {**customer, "addresses": []}})["addresses"] == []


def test_null_says_nothing_and_a_blank_text_empties(call: RestCaller) -> None:
    customer = next(one for one in call.listed("customers/search")["items"] if one.get("prefix"))
    path = f"customers/{customer['id']}"
    same = said(call, "PUT", path, {"customer": {**customer, "prefix": None, "lastname": "Neu"}})
    assert (same["prefix"], same["lastname"]) == (customer["prefix"], "Neu")
    assert same["updated_at"] > customer["updated_at"]
    assert "prefix" not in said(call, "PUT", path, {"customer": {**customer, "prefix": ""}})
    other = next(
        one for one in call.listed("customers/search")["items"]
        if one["id"] != customer["id"] and one["website_id"] == customer["website_id"] and one.get("email")
    )  # fmt: skip
    taken = call.send("PUT", path, {"customer": {**customer, "email": other["email"].upper()}})
    assert taken.status_code == 400
    assert call.send("PUT", path, {"customer": {**customer, "shoe_size": 44}}).status_code == 500
    assert call.send("PUT", "customers/9999", {"customer": customer}).status_code == 404


def test_a_new_account_has_no_say_in_its_group_and_may_subscribe(
    call: RestCaller, store: RunningStore
) -> None:
    wanted = {"email": "neu@example.com", "firstname": "Neu", "lastname": "Kundin", "group_id": 4, "website_id": 2,
              "extension_attributes": {"is_subscribed": True}}  # fmt: skip
    made = said(call, "POST", "customers", {"customer": wanted, "password": "Passw0rd!1"}, scope="all")
    assert (made["group_id"], made["website_id"], made["store_id"]) == (1, 2, 3)
    assert made["extension_attributes"] == {"is_subscribed": True}
    again = call.send("POST", "customers", {"customer": wanted}, scope="all")
    assert again.status_code == 400
    made["extension_attributes"]["is_subscribed"] = False
    found = said(call, "PUT", f"customers/{made['id']}", {"customer": made})
    assert found["extension_attributes"] == {"is_subscribed": False}
    listed = call.listed("customers/search", ("entity_id", "eq", str(made["id"])))["items"]
    assert listed == [found]
    assert store.shop.customer(made["id"]) is not None


def test_a_guest_s_cart_becomes_an_order_of_the_store_view_in_the_url_once(call: RestCaller) -> None:
    mask = said(call, "POST", "guest-carts", {}, scope="ch_de")
    cart = f"guest-carts/{mask}"
    line = said(call, "POST", f"{cart}/items", {"cartItem": {"sku": "NW-003", "qty": 2, "quote_id": mask}})
    assert line.keys() == {"item_id", "sku", "qty", "name", "price", "product_type", "quote_id"}
    assert said(call, "POST", f"{cart}/shipping-information", ADDRESSED)["totals"]["shipping_amount"] > 0
    body = {"email": "bob@example.com", "billingAddress": BOB, **CHECK}
    number = said(call, "POST", f"{cart}/payment-information", body)
    order = single(call, f"orders/{number}")
    assert (order["store_id"], order["customer_email"]) == (2, "bob@example.com")
    assert (order["customer_is_guest"], order["payment"]["po_number"]) == (1, "PO1")
    assert (order["quote_id"], order["total_qty_ordered"]) == (int(line["quote_id"]), 2)
    assert call.send("POST", f"{cart}/payment-information", body).status_code == 404
    (closed,) = call.listed("carts/search", ("entity_id", "eq", line["quote_id"]))["items"]
    assert (closed["is_active"], closed["reserved_order_id"]) == (False, order["increment_id"])


def test_a_customer_has_one_open_cart_which_is_built_and_ordered(call: RestCaller) -> None:
    customer = customer_with(call, 1)
    number = said(call, "POST", f"customers/{customer['id']}/carts", {}, scope="us_en")
    assert said(call, "POST", f"customers/{customer['id']}/carts", {}) == number
    cart = f"carts/{number}"
    for line in single(call, f"{cart}/items"):
        assert said(call, "DELETE", f"{cart}/items/{line['item_id']}") is True
    choice = {"configurable_item_options": [{"option_id": "134", "option_value": 6}]}
    wanted = {
        "sku": "NW-41",
        "qty": 1,
        "quote_id": str(number),
        "product_option": {"extension_attributes": choice},
    }
    shirt = said(call, "POST", f"{cart}/items", {"cartItem": wanted})
    assert (shirt["sku"], shirt["product_option"]["extension_attributes"]) == ("NW-41-6", choice)
    cup = said(
        call, "POST", f"{cart}/items", {"cartItem": {"sku": "NW-004", "qty": 1, "quote_id": str(number)}}
    )
    more = said(
        call, "PUT", f"{cart}/items/{cup['item_id']}", {"cartItem": {"qty": 3, "quote_id": str(number)}}
    )
    assert (more["qty"], len(single(call, f"{cart}/items"))) == (3, 2)
    assert call.send("POST", f"{cart}/items", {"cartItem": {"sku": "NONE", "qty": 1}}).status_code == 404
    assert call.send("POST", f"{cart}/items", {"cartItem": {"sku": "NW-41", "qty": 1}}).status_code == 400
    assert call.send("PUT", f"{cart}/coupons/NOPE").status_code == 404
    assert said(call, "PUT", f"{cart}/coupons/WELCOME10") is True
    assert said(call, "POST", f"{cart}/billing-address", {"address": BOB, "useForShipping": True})
    assert single(call, f"{cart}/shipping-methods")[0]["carrier_code"] == "flatrate"
    said(call, "POST", f"{cart}/shipping-information", ADDRESSED)
    segments = {one["code"]: one["value"] for one in single(call, f"{cart}/totals")["total_segments"]}
    assert said(call, "PUT", f"{cart}/selected-payment-method", {"method": CHECK["paymentMethod"]})
    order = single(call, f"orders/{said(call, 'PUT', f'{cart}/order', CHECK)}")
    assert order["customer_id"] == customer["id"]
    assert order["grand_total"] == pytest.approx(segments["grand_total"])
    assert order["coupon_code"] == "WELCOME10"
    assert call.send("PUT", f"{cart}/order", CHECK).status_code == 404


def test_a_single_cart_is_said_to_be_of_the_view_it_is_asked_through(call: RestCaller) -> None:
    number = said(call, "POST", "carts", {}, scope="fr_fr")
    assert isinstance(number, str)
    assert single(call, f"carts/{number}/totals")["items"] == []
    assert single(call, f"carts/{number}")["store_id"] == 1
    assert call.get(f"carts/{number}", scope="fr_fr").json()["store_id"] == 5
    (listed,) = call.listed("carts/search", ("entity_id", "eq", number))["items"]
    assert (listed["store_id"], listed["is_active"], listed["customer_is_guest"]) == (5, True, True)


def test_answers_have_the_types_of_the_recorded_ones(call: RestCaller, shared_dir: Path) -> None:
    folder = shared_dir / "magento2" / "responses" / "write"

    def recorded(name: str) -> Any:
        return json.loads((folder / f"{name}.json").read_text())["response"]

    mask = said(call, "POST", "guest-carts", {})
    number = said(call, "POST", "carts", {})
    cart = f"carts/{number}"
    item = {"cartItem": {"sku": "NW-003", "qty": 1, "quote_id": number}}
    ours = {
        "guest_carts_post": mask,
        "carts_post": number,
        "cart_items_post": said(call, "POST", f"{cart}/items", item),
        "cart_billing_post": said(
            call, "POST", f"{cart}/billing-address", {"address": BOB, "useForShipping": True}
        ),
        "cart_get_billing_address": single(call, f"{cart}/billing-address"),
        "cart_get_shipping_methods": single(call, f"{cart}/shipping-methods"),
        "cart_estimate": said(call, "POST", f"{cart}/estimate-shipping-methods", {"address": BOB}),
        "cart_get_selected_payment_method": single(call, f"{cart}/selected-payment-method"),
        "cart_get_coupons": single(call, f"{cart}/coupons"),
        "cart_shipping_information": said(call, "POST", f"{cart}/shipping-information", ADDRESSED),
        "cart_get_payment_methods": single(call, f"{cart}/payment-methods"),
        "cart_get_items": single(call, f"{cart}/items"),
        "cart_get_totals": single(call, f"{cart}/totals"),
        "cart_coupon_put": said(call, "PUT", f"{cart}/coupons/WELCOME10"),
        "cart_order_put": said(call, "PUT", f"{cart}/order", CHECK),
    }
    for name, answer in ours.items():
        assert shape(answer) == shape(recorded(name)), name


def shape(value: Any) -> Any:
    """Types by key; of a list, that of its first entry, and of a number only that it is one."""
    if isinstance(value, dict):
        own = ("customer_id", "customer_address_id")
        return {name: shape(one) for name, one in sorted(value.items()) if name not in own}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return (
        "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
    )
