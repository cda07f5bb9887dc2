"""What a person decides about entries that cannot go on by themselves."""

from __future__ import annotations

import pytest

from include.magento.faults import WriteRefused
from include.write_back.requests import RequestRefused, decide_change
from tests.sync.records import customer, order
from tests.sync.shop import Shop
from tests.write_back.test_sender import MINUTE, Bench, TwoWayStore, fail, times_out


@pytest.fixture
def bench(crm: Shop) -> Bench:
    return Bench(crm, TwoWayStore(records=[customer(5, firstname="Adele", lastname="Byron")]))


def decide(bench: Bench, number: int, decision: str) -> str:
    with bench.crm.engine.begin() as connection:
        return decide_change(connection, number, decision)


def test_conflict_is_decided_for_either_side_and_asked_again_when_the_store_changed_again(
    bench: Bench,
) -> None:
    numbers = [bench.ask({"first_name": name}, base={"first_name": "Ada"}) for name in ("Augusta", "Never")]
    assert bench.send(priority="ask") == {"conflict": 1}
    bench.store.records[0]["firstname"] = "Adelaide"
    assert decide(bench, numbers[0], "crm") == "pending"
    assert bench.send(priority="ask") == {"conflict": 1}
    assert decide(bench, numbers[0], "crm") == "pending"
    assert bench.send(priority="ask") == {"done": 1, "conflict": 1}
    assert bench.store.records[0]["firstname"] == "Augusta"
    assert decide(bench, numbers[1], "store") == "dropped"
    assert bench.send(priority="ask") == {}
    assert bench.states() == ["done", "dropped"]


def test_decision_for_the_crm_leaves_alone_what_only_the_store_changed(bench: Bench) -> None:
    number = bench.ask({"first_name": "Augusta", "last_name": "Byron"}, base={"first_name": "Ada"})
    bench.store.records[0].update(lastname="Lovelace")
    assert bench.send(priority="ask") == {"conflict": 1}
    decide(bench, number, "crm")
    assert bench.send(priority="ask") == {"done": 1}
    assert [bench.store.records[0][name] for name in ("firstname", "lastname")] == ["Augusta", "Lovelace"]


def test_what_was_rejected_is_tried_again_or_dropped_and_nothing_else_is(bench: Bench) -> None:
    bench.store.before = fail(WriteRefused("No."))
    number = bench.ask({"last_name": "King"})
    with pytest.raises(RequestRefused, match="pending can be decided by drop") as caught:
        decide(bench, number, "retry")
    assert caught.value.field == "decision"
    bench.send()
    assert bench.states() == ["rejected"]
    bench.store.before = lambda: None
    decide(bench, number, "retry")
    assert bench.send() == {"done": 1}
    for decision in ("retry", "drop", "crm"):
        with pytest.raises(RequestRefused, match="by nobody"):
            decide(bench, number, decision)
    with pytest.raises(RequestRefused, match="no such entry"):
        decide(bench, 99, "drop")


@pytest.mark.parametrize("next_step", ["retry", "drop and ask anew", "ask anew"])
def test_dead_entry_whose_request_may_still_run_is_neither_repeated_nor_overtaken(
    bench: Bench, next_step: str
) -> None:
    bench.store.records[:] = [order(1, status="on_its_way")]
    number = bench.ask({"comment_text": "Hello"}, "us:1", "order_comment")
    bench.store.before = times_out
    assert bench.send(attempts=1) == {"dead": 1}
    bench.store.before = lambda: None
    if next_step == "ask anew":
        number = bench.ask({"comment_text": "Hello"}, "us:1", "order_comment")
    else:
        decide(bench, number, next_step.split(maxsplit=1)[0])
    if next_step.startswith("drop"):
        number = bench.ask({"comment_text": "Hello"}, "us:1", "order_comment")
    bench.at += 14 * MINUTE
    assert bench.send() == {}
    bench.at += MINUTE
    assert bench.send() == {"done": 1}
    assert bench.entry(number).unanswered_at is None
    assert len(bench.store.written) == 1


def test_what_waits_or_died_is_shown_with_what_can_be_done_about_it(bench: Bench) -> None:
    first = bench.ask({"first_name": "Augusta"}, base={"first_name": "Ada"})
    second = bench.ask({"last_name": "King"})
    bench.send(priority="ask")
    shown = bench.crm.rows(
        "select outbox_id, state, next_step, waits_for_outbox_id, conflicts_json from crm.waiting_changes order by 1"
    )
    both = {"first_name": {"saw": "Ada", "wants": "Augusta", "holds": "Adele"}}
    assert shown == [
        (first, "conflict", "Say whose value it shall be: crm, store or drop.", None, both),
        (second, "pending", "Nothing: it is sent by itself. To take it back: drop.", first, None),
    ]
    decide(bench, first, "store")
    bench.store.before = fail(WriteRefused("No."))
    bench.send(priority="ask")
    died = "select outbox_id, state, last_error, next_step from crm.waiting_changes"
    assert bench.crm.rows(died) == [(second, "rejected", "No.", "Mend the reason, then retry; or drop.")]
    decide(bench, second, "drop")
    assert bench.crm.rows(died) == []
