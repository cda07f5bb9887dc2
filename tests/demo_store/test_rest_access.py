"""Who may ask what over REST, and how a store misbehaves there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from include.demo_store import RunningStore, running_store
from include.demo_store.clock import http_date
from tests.demo_store.rest_caller import RestCaller, criteria, signed

ONE = criteria(size=1)
REFUSED = {
    "message": "The consumer isn't authorized to access %resources.",
    "parameters": {"resources": "Magento_Sales::actions_view"},
}


@pytest.fixture(scope="module")
def store() -> Iterator[RunningStore]:
    with running_store(kind="magento2", customers=20, orders=40, bearer=False) as running:
        yield running


def asked(store: RunningStore, authorization: str, query: list[tuple[str, str]] = ONE) -> httpx.Response:
    return httpx.get(
        f"{store.url}/V1/orders",
        params=httpx.QueryParams(tuple(query)),
        headers={"Authorization": authorization},
    )


def test_a_token_alone_is_refused_as_by_default_since_2_4_4(store: RunningStore) -> None:
    for authorization in ("", "Bearer wrong", "Bearer demo-access"):
        answer = asked(store, authorization)
        assert (answer.status_code, answer.json()) == (401, REFUSED)


def test_signed_requests_are_taken_once(store: RunningStore) -> None:
    url = f"{store.url}/V1/orders"
    authorization = signed("GET", url, ONE)
    assert asked(store, authorization).status_code == 200
    again = asked(store, authorization)
    assert (again.status_code, again.json()["message"].split()[1]) == (401, "nonce")


def test_what_is_signed_must_be_what_is_asked(store: RunningStore) -> None:
    url = f"{store.url}/V1/orders"
    for authorization in (
        signed("POST", url, ONE),
        signed("GET", url, []),
        signed("GET", f"{url}/", ONE),
        signed("GET", url, ONE, oauth_signature="AAAA"),
    ):
        answer = asked(store, authorization)
        assert answer.json()["message"] == "The signature is invalid. Verify and try again."
    old = asked(store, signed("GET", url, ONE, oauth_signature_method="HMAC-SHA1"))
    assert (old.status_code, old.json()["parameters"]) == (400, ["HMAC-SHA1"])


def test_more_than_ten_groups_are_signed_in_natural_order(store: RunningStore) -> None:
    """As PHP sorts names; the order of bytes that the standard asks for is another one from the tenth group on."""
    query = criteria(*[("entity_id", "gt", "0")] * 11, size=1)
    refused = asked(store, signed("GET", f"{store.url}/V1/orders", query), query)
    assert refused.json()["message"] == "The signature is invalid. Verify and try again."


def test_an_admin_logs_in_and_the_token_ends() -> None:
    with running_store(kind="magento2", customers=5, orders=9, expire_every=3) as store:
        call = RestCaller(store, {})
        login = {"username": store.user, "password": store.key}
        assert call.send("POST", "integration/admin/token", login | {"password": "no"}).status_code == 401
        call.headers = {
            "Authorization": f"Bearer {call.send('POST', 'integration/admin/token', login).json()}"
        }
        assert [call.get("orders", *ONE).status_code for _ in range(3)] == [200, 200, 401]


def test_a_right_that_is_missing_is_named() -> None:
    with running_store(
        kind="magento2", customers=5, orders=9, withheld=("Magento_SalesRule::quote",)
    ) as store:
        call = RestCaller(store)
        assert call.get("orders", *ONE).status_code == 200
        refused = call.get("coupons/search", *ONE)
        assert (refused.status_code, refused.json()["parameters"]) == (
            401, {"resources": "Magento_SalesRule::quote"},
        )  # fmt: skip
        assert httpx.get(f"{store.url}/V1/directory/countries").status_code == 200


def test_every_nth_call_is_broken_off_in_turn() -> None:
    with running_store(kind="magento2", customers=5, orders=9, fail_every=1) as store:
        call = RestCaller(store)
        found = [call.get("orders", *ONE) for _ in range(4)]
        assert [answer.status_code for answer in found] == [503, 200, 500, 200]
        assert ["json" in answer.headers["content-type"] for answer in found] == [False, False, True, True]
        with pytest.raises(httpx.RemoteProtocolError):
            call.get("orders", *ONE)


def test_a_fatal_record_takes_its_page_with_it_and_a_page_may_be_too_large() -> None:
    settings: dict[str, Any] = {"fatal": ("order:7",), "max_rows": 5, "date_skew": 60, "compressed": True}
    with running_store(kind="magento2", customers=5, orders=9, **settings) as store:
        call = RestCaller(store)
        assert call.get("orders", *criteria(("entity_id", "gt", "6"), size=1)).status_code == 500
        assert call.get("orders", *criteria(("entity_id", "gt", "7"), size=2)).status_code == 200
        too_large = call.get("orders", *criteria(size=6))
        assert (too_large.status_code, "json" in too_large.headers["content-type"]) == (500, False)
        small = call.get("orders", *criteria(size=2))
        assert small.headers["content-encoding"] == "gzip"
        assert small.headers["date"] == http_date(store.shop.now() + 60)


def test_the_shop_lives_on_and_forgets_nothing() -> None:
    with running_store(kind="magento2", customers=60, orders=120) as store:
        call = RestCaller(store)
        before = {row["entity_id"]: row for row in call.listed("orders")["items"]}
        store.tick(48)
        after = {row["entity_id"]: row for row in call.listed("orders")["items"]}
        assert len(after) > len(before)
        for order in store.shop.orders():
            number = int(order.row["entity_id"] or 0)
            assert after[number].get("status") == order.row["status"]
        assert any(after[number] != row for number, row in before.items())
