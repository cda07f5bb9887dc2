"""Login, renewal, retries, the store's clock."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from include.errors import ConfigError, SyncError, TransientError
from include.magento.door import Ids
from include.magento.faults import CallFailed, SessionExpired
from include.magento.soap.reading import InfoCall, SoapReading
from tests.magento.soap.scripted_store import Raw, ScriptedStore, fault, record, rows, running

ORDERS = SoapReading(
    spine="salesOrderList",
    id_field="order_id",
    filter_id="entity_id",
    stock=(InfoCall(method="salesOrderInfo", argument="orderIncrementId", value_field="increment_id"),),
)
FINE = record({"magento_version": "1.9.4.5"})
SQL = "SQLSTATE[42S22]: Column not found: 1054 Unknown column 'x' in 'where clause', query was: SELECT secret"


def read(door, *ids):
    return [r for page in door.read(ORDERS, Ids(ids=ids), page_size=10) for r in page.records]


def test_one_login_serves_all_calls_of_a_door(store, enter):
    door = enter(store.address())
    door.report()
    door.report()
    assert store.named("login") == [{"username": "crm_sync", "apiKey": "k3y-s3cret"}]
    assert door.tally.logins == 1


def test_expired_session_is_renewed_and_the_call_rebuilt_with_the_new_id(store, enter):
    store.on("magentoInfo", fault("5"), FINE)
    assert enter(store.address()).report().magento_version == "1.9.4.5"
    assert [call["sessionId"] for call in store.named("magentoInfo")] == ["session-1", "session-2"]


def test_session_that_expires_twice_in_one_call_is_an_error_with_a_next_step(store, enter):
    store.on("storeList", fault("5"))
    with pytest.raises(SessionExpired, match="Session Timeout") as caught:
        enter(store.address()).report()
    assert isinstance(caught.value, TransientError)
    assert len(store.named("storeList")) == 2


@pytest.mark.parametrize(
    "trouble",
    [
        Raw(b"<html><body>busy</body></html>", 503),
        Raw(b"<html><body>Checking your browser</body></html>"),
        Raw(b'<?xml version="1.0"?><SOAP-ENV:Envelope'),
        Raw(b""),
        Raw(None),
        Raw(b"", 500),
        Raw(b"<x/>", 200, {"Content-Length": "400"}),
        fault("WSDL", "SOAP-ERROR: Parsing WSDL: Couldn't load from 'http://shop/'", 500),
        fault(
            "WSDL", "SOAP-ERROR: Parsing Schema: can't import schema from 'http://schemas.xmlsoap.org/'", 500
        ),
        fault("SOAP-ENV:Server", "SOAP-ERROR: Parsing WSDL: Couldn't load from 'http://shop/'", 500),
    ],
    ids=[
        "503",
        "html",
        "truncated",
        "empty",
        "hang-up",
        "bare 500",
        "short body",
        "wsdl",
        "schema",
        "server wsdl",
    ],
)
def test_what_may_pass_is_tried_again(store, enter, pauses, trouble):
    store.scripts["magentoInfo"] = _first(trouble, then=FINE)
    door = enter(store.address(timeout_seconds=0.5))
    assert door.report().magento_version == "1.9.4.5"
    assert door.tally.retries == len(pauses) == 1


@pytest.mark.parametrize(
    "code", ["1", "2", "6", "100", "SOAP-ENV:Client", "SOAP-ENV:Server", "Sender", "4711"]
)
def test_other_faults_are_never_tried_again(store, enter, code):
    store.on("storeList", fault(code, SQL))
    with pytest.raises(SyncError):
        enter(store.address()).report()
    assert len(store.named("storeList")) == 1


def test_call_that_keeps_failing_ends_after_five_growing_pauses_in_one_sentence(store, enter, pauses):
    store.on("storeList", Raw(b"<html>down</html>", 502))
    with pytest.raises(CallFailed) as caught:
        enter(store.address()).report()
    assert len(store.named("storeList")) == 5
    assert pauses == sorted(pauses)
    assert "HTTP 502" in caught.value.summary
    assert "k3y-s3cret" not in f"{caught.value.summary}{caught.value.details}"


def test_store_that_stops_after_the_opening_is_worth_another_run(enter):
    with running(ScriptedStore()) as store:
        store.keeps_connections = False
        door = enter(store.address())
    with pytest.raises(TransientError, match="run again when it is back") as caught:
        door.report()
    assert not isinstance(caught.value, CallFailed)  # no reason to look for a poisoned record


def test_store_that_asks_for_a_pause_gets_it(store, enter, pauses):
    store.scripts["storeList"] = _first(Raw(b"", 429, {"Retry-After": "17"}), then=rows())
    enter(store.address()).report()
    assert pauses == [17.0]


def test_silent_store_trips_the_time_limit(store, enter):
    store.scripts["storeList"] = _first(Raw(b"<", 200, {"Content-Length": "999"}), then=rows())
    door = enter(store.address(timeout_seconds=0.2))
    door.report()
    assert door.tally.retries == 1


def test_store_that_drips_is_cut_off(store, enter):
    seconds = iter(range(0, 1_000_000, 100))
    store.on("storeList", rows())
    with pytest.raises(TransientError, match="still sending"):
        enter(store.address(), clock=lambda: float(next(seconds)))


def test_wrong_key_names_the_user_and_never_the_key(store, enter):
    store.on("login", fault("2", "Access denied."))
    with pytest.raises(ConfigError, match="crm_sync") as caught:
        enter(store.address()).report()
    assert "k3y-s3cret" not in str(caught.value)
    assert len(store.named("login")) == 1


def test_missing_permission_names_the_method(store, enter):
    store.on("salesOrderList", fault("2", "Access denied."))
    with pytest.raises(ConfigError, match="salesOrderList"):
        read(enter(store.address()), 1)


def test_sql_of_the_store_stays_in_the_store(store, enter, caplog):
    store.on("salesOrderList", fault("1", SQL))
    with pytest.raises(TransientError) as caught:
        read(enter(store.address()), 1)
    told = f"{caught.value!r} {caught.value.details} {caught.value.__cause__} {caplog.text}"
    assert "SELECT" not in told
    assert "SQLSTATE" not in told


def test_key_and_session_appear_in_no_log(store, enter, caplog):
    caplog.set_level(0)
    enter(store.address()).report()
    assert "k3y-s3cret" not in caplog.text
    assert "session-1" not in caplog.text


def test_clock_is_the_date_header_of_an_answer(store, enter):
    assert enter(store.address()).clock() == datetime(2026, 11, 22, 6, tzinfo=UTC)


def test_clock_older_than_a_minute_costs_a_fresh_call(store, enter):
    now = [0.0]
    door = enter(store.address(), clock=lambda: now[0])
    door.clock()
    now[0] = 60.0
    door.clock()
    assert len(store.named("magentoInfo")) == 1
    now[0] = 60.5
    door.clock()
    assert len(store.named("magentoInfo")) == 2


def test_store_without_date_header_is_refused(store, enter):
    store.date = ""
    with pytest.raises(ConfigError, match="Date"):
        enter(store.address()).clock()


def test_close_ends_the_session_once(store, enter):
    door = enter(store.address())
    door.report()
    door.close()
    door.close()
    assert store.named("endSession") == [{"sessionId": "session-1"}]


def test_close_never_raises(store, enter):
    store.on("endSession", Raw(None))
    door = enter(store.address())
    door.report()
    door.close()


def test_close_of_an_unused_door_asks_nothing(store, enter):
    enter(store.address()).close()
    assert store.calls == []


def test_every_exchange_holds_a_slot_and_gives_it_back(store, enter):
    held = []

    @contextmanager
    def slot():
        held.append("taken")
        try:
            yield
        finally:
            held.append("given back")

    store.scripts["magentoInfo"] = _first(Raw(b"", 503), then=FINE)
    door = enter(store.address(), throttle=slot)
    door.report()
    assert door.tally.calls == 5  # WSDL, login, stores, info twice
    assert held == ["taken", "given back"] * 5


@pytest.mark.parametrize(
    "broken", ["", '<result xsi:nil="true"/>', "<result/>", "<result>Fatal error: Allowed memory</result>"]
)
def test_answer_to_a_list_call_that_is_no_list_is_tried_again_and_never_an_empty_list(store, enter, broken):
    store.scripts["salesOrderList"] = _first(broken, then=rows({"order_id": "5", "increment_id": "N5"}))
    store.on("salesOrderInfo", record({"order_id": "5"}))
    door = enter(store.address())
    assert [row["order_id"] for row in read(door, 5)] == ["5"]
    assert door.tally.retries == 1
    store.on("salesOrderList", broken)
    with pytest.raises(CallFailed, match="something else than a list") as caught:
        read(door, 5)
    assert "memory" not in f"{caught.value.summary}{caught.value.details}"


def test_redirected_call_is_refused_with_the_mend(store, enter):
    store.on("login", Raw(b"", 301, {"Location": "https://elsewhere.example/"}))
    with pytest.raises(ConfigError, match="redirects"):
        enter(store.address()).report()


def _first(trouble, *, then):
    replies = [trouble]
    return lambda _: replies.pop() if replies else then
