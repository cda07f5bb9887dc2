"""Orders held, let go on and cancelled, newsletter entries on and off the list: looked at first, written once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from include.magento.door import Record
from include.magento.faults import WriteRefused
from include.magento.writing import CancelOrder, Change, HoldOrder, SetSubscription, UnholdOrder
from include.suppressions.suppressing import suppress
from tests.suppressions.addresses import NOW, opt_out
from tests.sync.records import order, subscriber
from tests.sync.shop import Shop
from tests.write_back.test_sender import Bench, TwoWayStore, fail, times_out

NUMBER = str(order(1)["increment_id"])
CASES: list[tuple[str, str, Record, Change]] = [
    ("order_hold", "us:1", order(1, state="processing"), HoldOrder(order_id=1, order_number=NUMBER)),
    ("order_unhold", "us:1", order(1, state="holded"), UnholdOrder(order_id=1, order_number=NUMBER)),
    ("order_cancel", "us:1", order(1, state="new"), CancelOrder(order_id=1, order_number=NUMBER)),
    (
        "newsletter_unsubscribe",
        "us:7",
        subscriber(7, subscriber_status="1"),
        SetSubscription(subscriber_id=7, status="3"),
    ),
    (
        "newsletter_subscribe",
        "us:7",
        subscriber(7, subscriber_status="3"),
        SetSubscription(subscriber_id=7, status="1"),
    ),
]


@pytest.fixture
def bench(crm: Shop) -> Bench:
    return Bench(crm, TwoWayStore())


def test_record_is_put_into_the_state_once_and_left_alone_when_it_is_in_it(bench: Bench) -> None:
    for kind, target, record, change in CASES:
        bench.store.records[:], bench.store.written = [{**record}], []
        bench.ask({}, target, kind)
        assert [fields for _, fields in bench.sender().preview()] == [["state"]]
        bench.ask({}, target, kind)
        assert bench.send() == {"done": 2}
        assert bench.store.written == [change]


@pytest.mark.parametrize("side", ["before", "after"])
def test_lost_answer_is_looked_up_before_anything_is_sent_again(bench: Bench, side: str) -> None:
    kind, target, record, change = CASES[0]
    bench.store.records[:] = [{**record}]
    setattr(bench.store, side, times_out)
    bench.ask({}, target, kind)
    assert bench.send(max_execution_minutes=1) == {"unknown": 1}
    nothing: Callable[[], None] = lambda: None  # noqa: E731
    bench.store.before = bench.store.after = nothing
    bench.at = bench.at.replace(minute=1)
    assert bench.send(max_execution_minutes=1) == {"done": 1}
    assert bench.store.written == [change]


def test_order_that_cannot_be_cancelled_is_rejected_with_the_reason(bench: Bench) -> None:
    bench.store.records[:] = [order(1, state="complete")]
    bench.store.before = fail(WriteRefused("The order cannot be cancelled in its present state."))
    number = bench.ask({}, "us:1", "order_cancel")
    assert bench.send() == {"rejected": 1}
    assert "present state" in bench.entry(number).last_error


def test_store_that_says_yes_and_does_nothing_is_told(bench: Bench) -> None:
    bench.store.records[:] = [order(1, state="new")]
    bench.store.after = lambda: bench.store.records[0].update(state="new")
    number = bench.ask({}, "us:1", "order_hold")
    assert bench.send() == {"rejected": 1}
    assert "another state" in bench.entry(number).last_error


@pytest.mark.parametrize("shown", ["subscribed", "not_active"])
def test_person_who_left_the_newsletter_since_is_not_subscribed_over_their_no(
    bench: Bench, shown: str
) -> None:
    bench.crm.execute("update crm.newsletter_subscribers set status = :shown", shown=shown)
    number = bench.ask({}, "us:7", "newsletter_subscribe")
    bench.store.records[:] = [subscriber(7, subscriber_status="3")]
    assert bench.send(priority="local") == {"rejected": 1}
    assert "has left the newsletter since" in bench.entry(number).last_error
    assert bench.store.written == []


def test_person_whom_the_crm_itself_took_off_is_subscribed_again_when_asked(bench: Bench) -> None:
    bench.store.records[:] = [subscriber(7, subscriber_status="1")]
    for kind in ("newsletter_unsubscribe", "newsletter_subscribe"):
        bench.ask({}, "us:7", kind)
    assert bench.send() == {"done": 2}
    assert bench.store.records[0]["subscriber_status"] == "1"


def test_opt_out_that_came_between_keeps_them_off_the_newsletter_and_never_on_it(bench: Bench) -> None:
    bench.crm.execute("update crm.newsletter_subscribers set status = 'unsubscribed'")
    number = bench.ask({}, "us:7", "newsletter_subscribe")
    with bench.crm.engine.begin() as connection:
        suppress(connection, [opt_out("reader7")], source="klaviyo", now=NOW)
    bench.store.records[:] = [subscriber(7, subscriber_status="3", subscriber_email="Reader7@example.com ")]
    assert bench.sender().preview() == []
    assert bench.send() == {"rejected": 1}
    assert "opt-out in marketing.suppressions holds" in bench.entry(number).last_error
    assert bench.store.written == []
    bench.store.records[0]["subscriber_status"] = "1"
    bench.ask({}, "us:7", "newsletter_unsubscribe")
    assert bench.send() == {"done": 1}
