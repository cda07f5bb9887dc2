"""The Klaviyo extension of the demo store answers as its own source does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from include.demo_store import RunningStore, running_store
from tests.demo_store.rest_caller import RestCaller

PATH = "klaviyo/reclaim/customers/subscriptions"


@pytest.fixture(scope="module")
def store() -> Iterator[RunningStore]:
    with running_store(kind="magento2", klaviyo=True, customers=60, orders=5) as running:
        yield running


@pytest.fixture
def call(store: RunningStore) -> RestCaller:
    return RestCaller(store)


def asked(call: RestCaller, low: int, high: int, *pairs: tuple[str, str]) -> list[dict[str, str | None]]:
    answer = call.get(f"{PATH}/historical", ("start_id", str(low)), ("end_id", str(high)), *pairs)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, str | None]] = answer.json()
    return found


def test_a_range_has_both_its_ends_and_tells_no_id(call: RestCaller, store: RunningStore) -> None:
    rows = {int(row["subscriber_id"] or 0): row for row in store.shop.subscribers()}
    assert call.get(f"{PATH}/count").json() == len(rows)
    assert asked(call, 3, 5) == [
        {
            "email": rows[number]["subscriber_email"],
            "subscribe_status": rows[number]["subscriber_status"],
            "change_status_at": rows[number]["change_status_at"],
        }
        for number in (3, 4, 5)
        if number in rows
    ]


def test_store_views_share_the_entries_out(call: RestCaller, store: RunningStore) -> None:
    views = {row["store_id"] for row in store.shop.subscribers()}
    parts = [asked(call, 1, 500, ("store_id", str(view))) for view in views]
    assert sum(map(len, parts)) == len(asked(call, 1, 500)) == len(asked(call, 1, 500, ("store_id", "0")))
    assert len(views) > 1


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(1, 502, "Max batch size is 500"), (5, 4, "end_id should be larger than start_id")],
)
def test_wrong_ranges_are_refused(call: RestCaller, low: int, high: int, said: str) -> None:
    assert asked(call, 1, 501)
    answer = call.get(f"{PATH}/historical", ("start_id", str(low)), ("end_id", str(high)))
    assert (answer.status_code, answer.json()["message"]) == (400, said)


def test_modules_name_it_only_where_it_is_installed(call: RestCaller) -> None:
    assert "Klaviyo_Reclaim" in call.get("modules").json()
    with running_store(kind="magento2", customers=5, orders=0) as plain:
        assert "Klaviyo_Reclaim" not in RestCaller(plain).get("modules").json()
        assert RestCaller(plain).get(f"{PATH}/count").status_code == 404
