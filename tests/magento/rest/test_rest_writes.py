"""Customers and orders of a Magento 2 store changed: sent whole, sent once, and refusals told apart from accidents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from include.errors import TransientError
from include.magento.cart_changes import AddItems, CartItem, CartRef, CreateCart
from include.magento.faults import CallRefused, OutcomeUnknown, RecordGone, WriteRefused
from include.magento.rest.client import RestDoor
from include.magento.writing import (
    CancelOrder,
    Change,
    CreateAddress,
    CreateCustomer,
    CreateSubscription,
    DeleteAddress,
    HoldOrder,
    SetSubscription,
    UpdateAddress,
    UpdateCustomer,
)
from tests.magento.rest.scripted_list import door_to
from tests.magento.rest.small_shop import SmallShop

HOLD = HoldOrder(order_id=1, order_number="1")


def ada() -> dict[str, Any]:
    """A customer with two addresses, of which the first is where bills go."""
    book = [
        {"id": 7, "customer_id": 5, "street": ["Row 1", "Flat 2"], "city": "Ware", "default_billing": True},
        {
            "id": 8,
            "customer_id": 5,
            "street": ["Row 3"],
            "city": "Hertford",
            "region_id": 12,
            "region": {"region_id": 12},
        },
    ]
    return {
        "id": 5,
        "email": "ada@b.example",
        "firstname": "Ada",
        "lastname": "Byron",
        "website_id": 2,
        "store_id": 2,
        "group_id": 3,
        "default_billing": "7",
        "created_at": "2026-01-01 00:00:00",
        "updated_at": "2026-01-02 00:00:00",
        "addresses": book,
        "extension_attributes": {"is_subscribed": False, "assistance_allowed": 1},
        "custom_attributes": [{"attribute_code": "erp_id", "value": "E-1"}],
    }


@pytest.fixture
def shop() -> SmallShop:
    return SmallShop(
        customers={5: ada()},
        orders={1: {"entity_id": 1, "increment_id": "1", "state": "complete", "status": "complete"}},
    )


@pytest.fixture
def door(shop: SmallShop) -> Iterator[RestDoor]:
    opened = door_to(shop)
    yield opened
    opened.close()


def sent_customer(shop: SmallShop) -> dict[str, Any]:
    ((method, path, body),) = shop.sent
    assert (method, path) == ("PUT", "other/customers/5")  # the view of the account, whose newsletter it is
    customer: dict[str, Any] = body["customer"]
    return customer


def test_customer_is_sent_back_whole_but_for_its_stamps(shop: SmallShop, door: RestDoor) -> None:
    door.writer.write(
        UpdateCustomer(customer_id=5, fields={"lastname": "King", "prefix": None, "gender": "2"})
    )
    expected = {**ada(), "lastname": "King", "prefix": "", "gender": 2}
    del expected["created_at"], expected["updated_at"]
    assert sent_customer(shop) == expected


def test_newsletter_state_is_changed_with_the_rest_of_the_customer_as_it_is(
    shop: SmallShop, door: RestDoor
) -> None:
    door.writer.write(SetSubscription(subscriber_id=5, status="1"))
    told = sent_customer(shop)
    assert told["extension_attributes"] == {"is_subscribed": True, "assistance_allowed": 1}
    assert len(told["addresses"]) == 2
    with pytest.raises(WriteRefused, match="without an account"):
        door.writer.write(CreateSubscription(email="x@y.example", store_id=1, status="1"))


def test_new_address_is_added_to_the_list_and_takes_over_its_role(shop: SmallShop, door: RestDoor) -> None:
    fields = {
        "street": "Quay 4",
        "city": "Ware",
        "is_default_billing": "1",
        "region": "Herts",
        "region_id": None,
    }
    assert door.writer.write(CreateAddress(customer_id=5, fields=fields)) == "9"
    told = sent_customer(shop)
    assert [address["city"] for address in told["addresses"]] == ["Ware", "Hertford", "Ware"]
    assert [address.get("default_billing") for address in told["addresses"]] == [None, None, True]
    assert told["addresses"][2]["region"] == {"region_id": 0, "region": "Herts"}
    assert "default_billing" not in told


def test_address_that_the_store_drops_without_a_word_is_refused(door: RestDoor) -> None:
    with pytest.raises(WriteRefused, match="does not take the address"):
        door.writer.write(CreateAddress(customer_id=5, fields={"city": "Ware"}))


def test_changed_address_keeps_the_others_and_names_its_region_once(shop: SmallShop, door: RestDoor) -> None:
    fields = {"city": "Hoddesdon", "region_id": "13", "is_default_billing": "1"}
    door.writer.write(UpdateAddress(customer_id=5, address_id=8, fields=fields))
    told = sent_customer(shop)
    assert told["default_billing"] == "8"
    first, second = told["addresses"]
    assert first == {
        name: value for name, value in ada()["addresses"][0].items() if name != "default_billing"
    }
    assert second["region"] == {"region_id": 13}
    assert "region_id" not in second
    with pytest.raises(RecordGone):
        door.writer.write(UpdateAddress(customer_id=5, address_id=99, fields=fields))


def test_address_leaves_the_book_by_itself(shop: SmallShop, door: RestDoor) -> None:
    door.writer.write(DeleteAddress(customer_id=5, address_id=7))
    assert shop.sent == [("DELETE", "/addresses/7", {})]
    assert [address["id"] for address in shop.customers[5]["addresses"]] == [8]


def test_new_customer_gets_the_group_that_the_store_did_not_give(shop: SmallShop, door: RestDoor) -> None:
    fields = {"email": "n@b.example", "firstname": "N", "lastname": "B", "website_id": "1", "store_id": "1"}
    assert door.writer.write(CreateCustomer(fields={**fields, "group_id": "3"})) == "6"
    assert shop.customers[6]["group_id"] == 3
    assert [(method, path) for method, path, _ in shop.sent] == [
        ("POST", "all/customers"),
        ("PUT", "main/customers/6"),
    ]


def test_no_of_the_store_is_a_refusal(shop: SmallShop, door: RestDoor) -> None:
    with pytest.raises(WriteRefused, match="cannot be cancelled"):
        door.writer.write(CancelOrder(order_id=1, order_number="1"))
    assert len(shop.sent) == 1


def failing(status: int, **more: Any) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _: httpx.Response(status, **more)


def cut_off(_: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("")


def unreachable(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("")


JSON_ERROR = {"json": {"message": "Said %1", "parameters": ["ada@b.example"]}}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (cut_off, OutcomeUnknown),
        (failing(500, **JSON_ERROR), OutcomeUnknown),  # PHP may break after it has saved
        (failing(502, text="<html>"), OutcomeUnknown),
        (failing(200, text="tr", headers={"Content-Type": "application/json"}), OutcomeUnknown),
        (failing(200, json={"odd": 1}), OutcomeUnknown),
        (unreachable, TransientError),
        (failing(429, text="slow down"), TransientError),
        (failing(400, **JSON_ERROR), WriteRefused),
        (failing(404, **JSON_ERROR), RecordGone),
        (failing(401, **JSON_ERROR), CallRefused),
        (failing(404, json={"message": "Request does not match any route."}), CallRefused),
        (failing(403, text="<html>"), WriteRefused),
    ],
)
def test_failure_says_whether_it_may_have_happened_and_nothing_is_sent_twice(
    answer: Callable[[httpx.Request], httpx.Response], error: type[Exception]
) -> None:
    seen: list[httpx.Request] = []

    def counted(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer(request)

    with pytest.raises(error) as raised:
        door_to(counted).writer.write(HOLD)
    assert isinstance(raised.value, OutcomeUnknown) == (error is OutcomeUnknown)
    assert "ada@" not in str(raised.value)
    assert len(seen) == 1


def test_change_that_stops_half_way_is_not_called_undone() -> None:
    shop = SmallShop()
    door = door_to(shop)
    shop.carts[1] = {"is_active": True, "items": [], "customer": {}, "store_id": 1}
    shop.after = lambda: setattr(shop, "before", lambda: unreachable(httpx.Request("GET", "http://x")))
    change = AddItems(cart=CartRef(cart_id=1, store_id=1), items=(CartItem(sku="TEA"), CartItem(sku="CUP")))
    with pytest.raises(OutcomeUnknown, match="Part of the change"):
        door.writer.write(change)


def test_cart_that_a_customer_is_filling_is_left_alone(shop: SmallShop, door: RestDoor) -> None:
    change: Change = CreateCart(store_id=2, customer_id=5)
    assert [door.writer.write(change) for _ in range(2)] == ["1", "1"]  # an empty one is the customer's own
    shop.carts[1]["items"].append({"item_id": 1, "sku": "TEA", "qty": 1})
    with pytest.raises(WriteRefused, match="has cart 1 open"):
        door.writer.write(change)
    shop.carts[1]["items"].clear()
    with pytest.raises(WriteRefused, match="another store view"):
        door.writer.write(CreateCart(store_id=1, customer_id=5))
    with pytest.raises(WriteRefused, match="store view is not in the store"):
        door.writer.write(CreateCart(store_id=9))
