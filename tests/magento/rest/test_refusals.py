"""What a store refuses is told by its reason: a right, a key, a signature, a route, or what stands in front of it."""

from __future__ import annotations

import itertools

import httpx
import pytest

from include.errors import ConfigError
from include.magento.door import Everything, IdRange
from include.magento.rest.reading import RestReading
from tests.magento.rest.conftest import KEYS
from tests.magento.rest.scripted_list import ORDERS, answer_of, door_to

ALL = IdRange(low=0, high=10**6)


def test_what_the_token_may_not_read_is_named_by_its_right() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "storeViews" in request.url.path:
            return httpx.Response(200, json=[])
        message = "The consumer isn't authorized to access %resources."
        return httpx.Response(
            401, json={"message": message, "parameters": {"resources": "Magento_Sales::shipment"}}
        )

    reason = door_to(answer).delivers(RestReading(path="shipments", resource="Magento_Sales::shipment"))
    assert reason is not None
    assert "Magento_Sales::shipment" in reason


def test_key_that_opens_nothing_is_an_error_and_no_missing_right() -> None:
    body = {
        "message": "The consumer isn't authorized to access %resources.",
        "parameters": {"resources": "x"},
    }
    with pytest.raises(ConfigError, match="store/storeViews"):
        door_to(lambda _: httpx.Response(401, json=body)).delivers(ORDERS)


def test_wrong_signature_is_told_apart_from_a_missing_right() -> None:
    body = {"message": "The signature is invalid. Verify and try again."}
    with pytest.raises(ConfigError, match="scheme, host and port"):
        door_to(lambda _: httpx.Response(401, json=body)).delivers(ORDERS)


def test_clock_ahead_of_the_store_s_is_told_apart_from_a_missing_right() -> None:
    body = {"message": "Incorrect timestamp value in the oauth_timestamp parameter"}
    with pytest.raises(ConfigError, match="set the clock of this machine"):
        door_to(lambda _: httpx.Response(401, json=body)).delivers(ORDERS)


def test_request_that_a_proxy_sent_twice_is_signed_and_sent_anew() -> None:
    seen = {"message": "The nonce is already being used by the consumer with ID %1.", "parameters": ["1"]}
    answers = iter([httpx.Response(401, json=seen), answer_of([], 0)])
    door = door_to(lambda _: next(answers), KEYS)
    assert list(door.rows(ORDERS, ALL, page_size=9)) == []
    assert door.tally.retries == 1


def test_store_without_the_route_says_so() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "storeViews" in request.url.path:
            return httpx.Response(200, json=[])
        return httpx.Response(404, json={"message": "Request does not match any route."})

    reason = door_to(answer).delivers(RestReading(path="klaviyo/subscribers", resource="x"))
    assert reason == (
        "The store has no klaviyo/subscribers in its REST API: its version is too old, or the module is switched off."
    )


def test_web_page_instead_of_an_answer_is_no_answer() -> None:
    pages = itertools.chain(
        [httpx.Response(200, text="<html>Just a moment")], itertools.repeat(answer_of([], 0))
    )
    door = door_to(lambda _: next(pages))
    assert list(door.rows(ORDERS, ALL, page_size=9)) == []
    assert door.tally.retries == 1


def test_firewall_is_told_apart_from_a_missing_right() -> None:
    door = door_to(
        lambda _: httpx.Response(403, text="<html>Forbidden", headers={"Content-Type": "text/html"})
    )
    with pytest.raises(ConfigError, match="firewall"):
        list(door.rows(ORDERS, Everything(), page_size=9))
