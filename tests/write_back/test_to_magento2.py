"""Changes from the outbox to a Magento 2 store and back: the same engine, behind the REST door."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from include.magento.faults import OutcomeUnknown
from tests.magento.rest.scripted_list import door_to
from tests.magento.rest.small_shop import SmallShop
from tests.sync.shop import Shop, channel
from tests.write_back.cart_desk import ADDRESS, Desk

WANTED: dict[str, Any] = {
    "store_id": 2,
    "items": [{"sku": "TEA", "qty": 2}, {"product_id": 12, "qty": 1}],
    "billing_address": ADDRESS,
    "shipping_method": "flat_rate_one",
    "payment_method": "checkmo",
}
BOOK = [
    {"id": 7, "customer_id": 5, "firstname": "Ada", "lastname": "Byron", "street": ["Row 1"], "city": "Ware"},
    {
        "id": 8,
        "customer_id": 5,
        "firstname": "Ada",
        "lastname": "Byron",
        "street": ["Row 3"],
        "city": "Hertford",
    },
]
HISTORY = {
    "entity_id": 1,
    "parent_id": 1,
    "comment": "Hello",
    "status": "processing",
    "is_customer_notified": 0,
}


def small_shop() -> SmallShop:
    ada = {
        "id": 5,
        "email": "ada@b.example",
        "firstname": "Ada",
        "lastname": "Byron",
        "website_id": 2,
        "store_id": 2,
    }
    extension = {"is_subscribed": False}
    order = {
        "entity_id": 1,
        "increment_id": "000000001",
        "store_id": 2,
        "state": "processing",
        "customer_id": 5,
    }
    return SmallShop(
        customers={5: {**ada, "group_id": 1, "addresses": BOOK, "extension_attributes": extension}},
        orders={1: {**order, "status": "processing", "items": [], "status_histories": [HISTORY]}},
    )


@pytest.fixture
def desk(shop: Shop) -> Iterator[Desk]:
    shop.execute(
        "insert into ops.channels (channel_code, channel_name, kind, timezone, reporting_currency_code, is_active,"
        " updated_at) values ('us', 'US', 'magento2', 'UTC', 'EUR', true, now())"
    )
    store = small_shop()
    with door_to(store) as door:
        shop.channel, shop.door = channel(kind="magento2"), door  # type: ignore[assignment]
        made = Desk(shop, store, door)  # type: ignore[arg-type]
        for entity, *ids in (("stores",), ("customers", 5), ("orders", 1), ("newsletter_subscribers", 5)):
            made.read(str(entity), *map(int, ids))
        yield made


def changes(desk: Desk) -> list[str]:
    """Method and path of what was sent to the store, customers' bodies apart."""
    shop: Any = desk.store
    return [f"{method} {path}" for method, path, _ in shop.sent]


def test_customer_address_newsletter_and_order_go_there_and_are_read_back(desk: Desk) -> None:
    shop: Any = desk.store
    shop.customers[5]["lastname"] = "Lovelace"  # changed in the shop meanwhile
    desk.ask("customer_update", "us:5", {"first_name": "Augusta", "last_name": "Byron"})
    desk.ask("address_update", "us:8", {"city": "Hoddesdon"})
    desk.ask("address_delete", "us:7")
    desk.ask("address_create", "us:5", {k: v for k, v in ADDRESS.items() if k != "region"})
    desk.ask("newsletter_subscribe", "us:5")
    desk.ask("order_comment", "us:1", {"comment_text": "Called.", "is_visible_on_front": True})
    desk.ask("order_hold", "us:1")
    assert desk.send() == {"done": 7}
    customer = shop.customers[5]
    assert (customer["firstname"], customer["lastname"]) == ("Augusta", "Lovelace")
    assert [(a["id"], a["city"]) for a in customer["addresses"]] == [(8, "Hoddesdon"), (9, "Ware")]
    assert customer["extension_attributes"] == {"is_subscribed": True}
    assert shop.orders[1]["status"] == "processing"  # a comment without it would have taken it away
    assert shop.orders[1]["state"] == "holded"
    told = desk.crm.one("select first_name, last_name from crm.customers where customer_key = 'us:5'")
    assert told == ("Augusta", "Lovelace")
    assert desk.crm.one("select status from crm.newsletter_subscribers") == "subscribed"
    assert desk.crm.rows("select comment_text from crm.order_comments order by 1") == ["Called.", "Hello"]
    shown = {row["comment"]: row.get("is_visible_on_front") for row in shop.orders[1]["status_histories"]}
    assert shown == {"Called.": 1, "Hello": None}
    desk.ask("newsletter_unsubscribe", "us:5")
    desk.ask("order_hold", "us:1")  # it is
    assert desk.send() == {"done": 2}
    assert changes(desk)[-1] == "PUT other/customers/5"


def test_field_that_both_sides_changed_waits_for_a_person_and_goes_as_decided(desk: Desk) -> None:
    shop: Any = desk.store
    shop.customers[5]["firstname"] = "Adele"
    number = desk.ask("customer_update", "us:5", {"first_name": "Augusta", "last_name": "King"})
    assert desk.send(priority="ask") == {"conflict": 1}
    assert changes(desk) == []
    desk.decide(number, "crm")
    assert desk.send(priority="ask") == {"done": 1}, desk.entry(number).last_error
    assert (shop.customers[5]["firstname"], shop.customers[5]["lastname"]) == ("Augusta", "King")


def test_customer_is_made_once_though_the_answer_was_lost(desk: Desk) -> None:
    shop: Any = desk.store
    wanted = {"email": "n@b.example", "first_name": "N", "last_name": "B", "website_id": 2, "store_id": 2}
    shop.after = lost
    number = desk.ask("customer_create", "us", wanted)
    assert desk.send() == {"unknown": 1}
    shop.after = lambda: None
    desk.at = desk.entry(number).next_attempt_at
    assert desk.send() == {"done": 1}
    assert desk.entry(number).result_json["new_key"] == "us:6"
    assert changes(desk) == ["POST all/customers"]
    desk.ask("customer_create", "us", {**wanted, "email": "ADA@b.example"})
    assert desk.send() == {"rejected": 1}


def test_comment_is_looked_for_by_its_text_before_it_is_written_again(desk: Desk) -> None:
    shop: Any = desk.store
    shop.after = lost
    number = desk.ask("order_comment", "us:1", {"comment_text": "Called."})
    assert desk.send() == {"unknown": 1}
    shop.after = lambda: None
    desk.at = desk.entry(number).next_attempt_at
    assert desk.send() == {"done": 1}
    assert [row["comment"] for row in shop.orders[1]["status_histories"]] == ["Hello", "Called."]


@pytest.mark.parametrize("kind", ["cart_create", "cart_create_for_guest"])
def test_cart_becomes_one_order_in_the_right_store_view(desk: Desk, kind: str) -> None:
    shop: Any = desk.store
    guest = {"email": "new@b.example", "first_name": "N", "last_name": "B"}
    is_guest = kind == "cart_create_for_guest"
    number = desk.ask(
        kind, "us" if is_guest else "us:5", {**WANTED, **(guest if is_guest else {}), "coupon_code": "TEN"}
    )
    assert desk.send() == {"done": 1}, desk.entry(number).last_error
    cart = desk.entry(number).result_json["new_key"]
    change = desk.ask("cart_change", cart, {"items": [{"sku": "TEA", "qty": 3}, {"sku": "CUP", "qty": 0}]})
    assert desk.send() == {"done": 1}, desk.entry(change).last_error
    order = desk.ask("cart_to_order", cart)
    shop.after = lost
    assert desk.send() == {"unknown": 1}
    shop.after = lambda: None
    desk.at = desk.entry(order).next_attempt_at
    assert desk.send() == {"done": 1}, desk.entry(order).last_error
    assert [path for path in changes(desk) if path.endswith("/order")] == ["PUT other/carts/1/order"]
    made = shop.orders[2]
    email = "new@b.example" if is_guest else "ada@b.example"
    assert (made["store_id"], made["customer_email"], made["grand_total"]) == (2, email, 15)
    assert desk.entry(order).result_json["order_number"] == "000000002"


def test_guests_cart_whose_id_was_lost_is_found_again(desk: Desk) -> None:
    shop: Any = desk.store
    shop.after = lost
    wanted = {**WANTED, "email": "new@b.example", "first_name": "N", "last_name": "B"}
    number = desk.ask("cart_create_for_guest", "us", wanted)
    assert desk.send() == {"unknown": 1}
    shop.after = lambda: None
    desk.at = desk.entry(number).next_attempt_at
    assert desk.send() == {"done": 1}, desk.entry(number).last_error
    assert changes(desk).count("POST other/carts") == 1


def test_bad_coupon_leaves_the_one_the_cart_had(desk: Desk) -> None:
    shop: Any = desk.store
    desk.cart({**WANTED, "coupon_code": "TEN"})
    bad = desk.ask("cart_change", "us:1", {"coupon_code": "NOSUCH"})
    assert desk.send() == {"rejected": 1}
    assert "the one it had is back" in desk.entry(bad).last_error
    assert shop.carts[1]["coupon"] == "TEN"


def lost() -> None:
    raise OutcomeUnknown("The answer was lost.")
