"""Newsletter subscribers: newest first, a third without a date, guests among them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from include.demo_store import Shop


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return list(Shop(customers=1000, orders=100).subscribers())


def test_all_four_states_occur_for_customers_and_guests(rows: list[dict[str, Any]]) -> None:
    kinds = {(row["subscriber_status"], row["customer_id"] == "0") for row in rows}
    assert kinds == {(status, guest) for status in "1234" for guest in (True, False)}


def test_a_third_has_no_date(rows: list[dict[str, Any]]) -> None:
    undated = sum(row["change_status_at"] is None for row in rows)
    assert 0.28 < undated / len(rows) < 0.38


def test_a_customer_subscribes_once_and_some_guests_have_no_address(rows: list[dict[str, Any]]) -> None:
    counts = Counter(row["customer_id"] for row in rows)
    assert counts.pop("0") > len(rows) / 4
    assert max(counts.values()) == 1
    assert any(row["subscriber_email"] == "" and row["customer_id"] == "0" for row in rows)


def test_subscribers_have_the_address_of_their_customer() -> None:
    shop = Shop(customers=300, orders=10)
    for row in shop.subscribers():
        if row["customer_id"] != "0":
            customer = shop.customer(int(row["customer_id"]))
            assert (customer.row["email"] or "") == row["subscriber_email"]
            assert customer.row["store_id"] == row["store_id"]


def test_the_newest_come_first_so_that_new_ones_shift_the_pages(call: Any, store: Any) -> None:
    every = [row["subscriber_id"] for row in store.shop.subscribers()][::-1]
    assert call("newsletterSubscriberList").texts("subscriber_id") == every
    pages = [
        call.listed("newsletterSubscriberList", page=page, size=100).texts("subscriber_id")
        for page in (1, 2, 3, 4)
    ]
    assert [number for page in pages for number in page] == every
    older = call.listed("newsletterSubscriberList", ("subscriber_id", "lt", "20"), page=1, size=5)
    assert older.texts("subscriber_id") == [number for number in every if int(number) < 20][:5]


def test_a_window_over_the_date_misses_those_without_one(call: Any, store: Any) -> None:
    found = call.listed("newsletterSubscriberList", ("change_status_at", "from", "2000-01-01 00:00:00"))
    dated = [row["subscriber_id"] for row in store.shop.subscribers() if row["change_status_at"]]
    assert found.texts("subscriber_id") == dated[::-1]
    guests = call.listed("newsletterSubscriberList", ("customer_id", "eq", "0"))
    assert set(guests.texts("customer_id")) == {"0"}


def test_statuses_change_with_time_and_move_their_date() -> None:
    shop, fresh = Shop(customers=300, orders=10), Shop(customers=300, orders=10)
    before = {row["subscriber_id"]: row for row in shop.subscribers()}
    for _ in range(20):
        shop.tick(24)
    after = {row["subscriber_id"]: row for row in shop.subscribers()}
    changed = [
        n
        for n in before.keys() & after.keys()
        if before[n]["subscriber_status"] != after[n]["subscriber_status"]
    ]
    assert changed
    assert all(
        after[number]["change_status_at"] > (before[number]["change_status_at"] or "") for number in changed
    )
    assert after.keys() - before.keys()
    fresh.tick(24 * 20)
    assert {row["subscriber_id"]: row for row in fresh.subscribers()} == after
