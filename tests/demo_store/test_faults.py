"""Faults, users, sessions and misbehaviour."""

from __future__ import annotations

import http.client
import urllib.error
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from include.demo_store import running_store
from include.demo_store.settings import LIMITED_USER
from include.demo_store.wire import envelope


@pytest.mark.parametrize(
    ("recorded", "method", "inner"),
    [
        ("fault-login-wrongkey", "login", "<username>crm_sync</username><apiKey>wrong</apiKey>"),
        ("fault-login-nouser", "login", "<username>nobody</username><apiKey>wrong</apiKey>"),
        ("fault-login-empty", "login", "<username></username><apiKey></apiKey>"),
        ("fault-session-bogus", "salesOrderList", "<sessionId>deadbeef</sessionId><filters/>"),
        ("fault-session-empty", "salesOrderList", "<sessionId></sessionId><filters/>"),
    ],
)
def test_logging_in_and_sessions_fault_as_recorded(
    recorded: str, method: str, inner: str, call: Any, shared_dir: Path
) -> None:
    assert_like_recorded(call.raw(method, inner), shared_dir, recorded)


@pytest.mark.parametrize(
    ("recorded", "method", "inner"),
    [
        ("salesOrderInfo-notexists", "salesOrderInfo", "<orderIncrementId>999999999</orderIncrementId>"),
        ("customerCustomerInfo-notexists", "customerCustomerInfo", "<customerId>999999</customerId>"),
        ("customerAddressList-notexists", "customerAddressList", "<customerId>999999</customerId>"),
    ],
)
def test_asking_for_what_does_not_exist_faults_as_recorded(
    recorded: str, method: str, inner: str, call: Any, shared_dir: Path
) -> None:
    assert_like_recorded(call(method, inner), shared_dir, recorded)


def test_an_unknown_attribute_faults_as_recorded(call: Any, shared_dir: Path) -> None:
    answer = call.listed("customerCustomerList", ("no_such_attr", "eq", "1"))
    assert_like_recorded(answer, shared_dir, "customerCustomerList-bad-field")


def assert_like_recorded(answer: Any, shared_dir: Path, name: str) -> None:
    recorded = (shared_dir / f"magento1/envelopes/std/{name}.response.xml").read_text()
    assert answer.status == 200
    assert etree.canonicalize(answer.body.decode()) == etree.canonicalize(recorded)


@pytest.mark.parametrize("method", ["salesOrderList", "oroOrderList"])
def test_an_unknown_order_column_spills_the_statement_and_the_value(call: Any, method: str) -> None:
    code, text = call.listed(method, ("nosuch", "eq", "someone@example.com")).fault
    assert code == "1"
    assert text.startswith("SQLSTATE[42S22]: Column not found: 1054 Unknown column 'nosuch'")
    assert "someone@example.com" in text


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"no xml", envelope.INVALID_XML),
        (b"<a/>", envelope.INVALID_XML),
        (b"<a>&#11;</a>", envelope.INVALID_XML),
    ],
)
def test_engine_faults_come_with_http_500(body: bytes, fault: envelope.SoapFault, call: Any) -> None:
    answer = call.post(body)
    assert (answer.status, answer.fault) == (500, (fault.code, fault.text))


def test_a_number_that_is_none_violates_the_encoding(call: Any) -> None:
    answer = call("customerCustomerInfo", "<customerId>abc</customerId>")
    assert (answer.status, answer.fault[1]) == (500, "SOAP-ERROR: Encoding: Violation of encoding rules")


def test_a_user_without_permission_for_orders_may_read_the_rest(store: Any, new_caller: Any) -> None:
    limited = new_caller(store.url, LIMITED_USER, store.key)
    assert limited("salesOrderList").fault == ("2", "Access denied.")
    assert limited("oroOrderList").fault == ("2", "Access denied.")
    assert limited("customerCustomerList").rows


def test_an_ended_session_is_expired(store: Any, new_caller: Any) -> None:
    caller = new_caller(store.url, store.user, store.key)
    assert caller("endSession").root.findtext(".//endSessionReturn") == "true"
    assert caller("magentoInfo").fault == ("5", "Session expired. Try to relogin.")


def test_sessions_expire_at_every_nth_call(new_caller: Any) -> None:
    with running_store(customers=2, orders=2, expire_every=3) as store:
        caller = new_caller(store.url, store.user, store.key)
        assert [b"Fault" in caller("magentoInfo").body for _ in range(3)] == [False, False, True]
        again = new_caller(store.url, store.user, store.key)
        assert [b"Fault" in again("magentoInfo").body for _ in range(3)] == [False, False, True]


def test_every_nth_call_is_broken_off_in_turn(new_caller: Any) -> None:
    with running_store(customers=2, orders=2, fail_every=2) as store:
        caller = new_caller(store.url, store.user, store.key)
        assert caller.session
        broken = []
        for _ in range(2):
            broken.append(caller("magentoInfo"))
            assert caller("magentoInfo").rows
        assert [answer.status for answer in broken] == [503, 200]
        assert broken[1].body.startswith(b"<html>")
        with pytest.raises(etree.XMLSyntaxError):
            _ = caller("magentoInfo").root
        assert caller("magentoInfo").rows
        with pytest.raises((urllib.error.URLError, http.client.HTTPException, ConnectionError)):
            caller("magentoInfo")
        assert caller("magentoInfo").rows


def test_a_list_longer_than_the_memory_allows_ends_in_an_empty_500(new_caller: Any) -> None:
    with running_store(customers=5, orders=30, max_rows=20) as store:
        caller = new_caller(store.url, store.user, store.key)
        answer = caller("salesOrderList")
        assert (answer.status, answer.body) == (500, b"")
        assert len(caller.listed("salesOrderList", ("order_id", "lteq", "20")).rows) == 20


def test_user_and_key_can_be_chosen(new_caller: Any) -> None:
    with running_store(customers=2, orders=2, user="someone", key="other-key") as store:
        assert new_caller(store.url, "someone", "other-key")("magentoInfo").rows
        answer = new_caller(store.url, "", "").raw(
            "login", "<username>crm_sync</username><apiKey>other-key</apiKey>"
        )
        assert answer.fault == ("2", "Access denied.")
