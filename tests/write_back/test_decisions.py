"""What a person decides about entries that cannot go on by themselves."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import exc, text

from include.magento.faults import WriteRefused
from include.write_back.order_question import SECOND_PERSON, TOTAL
from include.write_back.requests import RequestRefused, decide_change
from tests.sync.records import customer, order
from tests.sync.shop import Shop
from tests.write_back.test_sender import MINUTE, Bench, TwoWayStore, fail, times_out


@pytest.fixture
def bench(crm: Shop) -> Bench:
    return Bench(crm, TwoWayStore(records=[customer(5, firstname="Adele", lastname="Byron")]))


def decide(bench: Bench, number: int, decision: str, **more: Any) -> str:
    with bench.crm.engine.begin() as connection:
        return decide_change(connection, number, decision, **more)


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


def test_field_left_to_the_store_takes_no_other_with_it(bench: Bench) -> None:
    number = bench.ask({"first_name": "Augusta", "last_name": "King"}, base={"first_name": "Ada"})
    assert bench.send(priority="ask") == {"conflict": 1}
    assert decide(bench, number, "store") == "pending"
    bench.store.records[0]["firstname"] = "Adelaide"  # the store's own matter from now on
    assert bench.send(priority="ask") == {"done": 1}
    assert [bench.store.records[0][name] for name in ("firstname", "lastname")] == ["Adelaide", "King"]


def test_fields_in_conflict_are_answered_one_by_one(bench: Bench) -> None:
    number = bench.ask(
        {"first_name": "Augusta", "last_name": "King"}, base={"first_name": "Ada", "last_name": "Gordon"}
    )
    assert bench.send(priority="ask") == {"conflict": 1}
    with pytest.raises(RequestRefused, match="only fields in conflict") as caught:
        decide(bench, number, "crm", fields=["email"])
    assert caught.value.field == "fields"
    decide(bench, number, "store", fields=["first_name"])
    assert bench.send(priority="ask") == {"conflict": 1}
    assert bench.crm.one("select conflicts_json from crm.waiting_changes").keys() == {"last_name"}
    decide(bench, number, "crm", fields=["last_name"])
    assert bench.send(priority="ask") == {"done": 1}
    assert [bench.store.records[0][name] for name in ("firstname", "lastname")] == ["Adele", "King"]


def test_what_is_left_of_a_cart_goes_on_with_the_stores_values_in_its_place(bench: Bench) -> None:
    wanted = {
        "coupon_code": "A",
        "items": [{"sku": "X", "qty": 1}, {"product_id": 3, "qty": 2}],
        "billing_address": {"city": "Ware", "street": "Row 1", "region": "Herts"},
    }
    left = {
        "coupon_code": None,
        "item X": "4",
        "billing_address.city": "Rome",
        "billing_address.region": None,
    }
    query = "select crm.still_wanted(cast(:wanted as jsonb), cast(:given as jsonb))"
    found = bench.crm.one(query, wanted=json.dumps(wanted), given=json.dumps(left))
    assert found == {
        "items": [{"product_id": 3, "qty": 2}],
        "billing_address": {"city": "Rome", "street": "Row 1"},
    }


def test_every_decision_is_kept_with_who_took_it_and_what_there_was_before(bench: Bench) -> None:
    number = bench.ask({"first_name": "Augusta"}, base={"first_name": "Ada"})
    bench.send(priority="ask")
    decide(bench, number, "crm", decided_by="Charles")
    decide(bench, number, "drop")
    with pytest.raises(RequestRefused, match="rules of tasks"):
        decide(bench, number, "drop", decided_by="rules")
    kept = bench.crm.rows(
        "select decision, field_names, state_before, state_after, decided_by, decided_login = session_user"
        " from ops.write_back_decisions order by decision_id"
    )
    login = bench.crm.one("select session_user::text")
    assert kept == [
        ("crm", ["first_name"], "conflict", "pending", "Charles", True),
        ("drop", None, "pending", "dropped", login, True),
    ]
    assert "both changed first_name" in bench.crm.one(
        "select error_before from ops.write_back_decisions order by decision_id limit 1"
    )


def test_answer_is_to_what_was_shown_and_to_nothing_that_came_later(bench: Bench) -> None:
    number = bench.ask({"first_name": "Augusta"}, base={"first_name": "Ada"})
    bench.send(priority="ask")
    shown = bench.crm.one("select max(entry_id) from ops.write_back_log")
    decide(bench, number, "crm")
    bench.store.records[0]["firstname"] = "Adelaide"
    bench.send(priority="ask")
    with pytest.raises(RequestRefused, match="has gone on since") as caught:
        decide(bench, number, "crm", shown_entry_id=shown)
    assert caught.value.field == "shown_entry_id"
    assert decide(bench, number, "crm", shown_entry_id=shown + 1) == "pending"


def test_what_would_undo_a_later_change_is_not_tried_again(bench: Bench) -> None:
    bench.store.records[0]["firstname"] = "Ada"
    bench.store.before = fail(WriteRefused("No."))
    old = bench.ask({"first_name": "Old"})
    other = bench.ask({"last_name": "King"})
    bench.send()
    bench.store.before = lambda: None
    later = bench.ask({"first_name": "Newest"})
    bench.send()
    with pytest.raises(RequestRefused, match=f"change {later} of the same came later"):
        decide(bench, old, "retry")
    shown = bench.crm.rows("select next_step from crm.waiting_changes order by outbox_id")
    assert [step.split(maxsplit=1)[0] for step in shown] == ["Drop", "Mend"]
    assert decide(bench, other, "retry") == "unknown"


def test_changes_of_different_lines_of_a_cart_do_not_undo_each_other(bench: Bench) -> None:
    query = """
        insert into crm.outbox (channel_code, kind, target_key, entity, record_key, wanted_json, idempotency_key,
            requested_by, requested_login, state, finished_at)
        select 'us', 'cart_change', 'us:9', 'carts', 'us:9', cast(one as jsonb), one, '', '', 'rejected', now()
        from unnest(cast(:wanted as text[])) as one
    """
    wanted = [
        '{"items": [{"sku": "A", "qty": 1}], "billing_address": {"city": "Ware"}}',
        '{"items": [{"sku": "B", "qty": 1}], "billing_address": {"street": "Row 1"}, "shipping_method": "x"}',
        '{"items": [{"sku": "C", "qty": 1}, {"sku": "A", "qty": 0}]}',
    ]
    bench.crm.execute(query, wanted=wanted)
    bench.crm.execute("update crm.outbox set state = 'done' where outbox_id > 1")
    assert bench.crm.one("select crm.overtaken_by(1)") == 3


def test_worker_of_an_earlier_attempt_is_not_taken_for_one_of_an_attempt_after_a_decision(
    bench: Bench,
) -> None:
    number = bench.ask({"first_name": "Augusta"}, base={"first_name": "Ada"})
    entries = bench.sender().outbox
    stalled = entries.claim(bench.at)
    assert stalled is not None
    bench.at += 16 * MINUTE
    assert bench.send(priority="ask") == {"conflict": 1}
    decide(bench, number, "crm")
    mine = entries.claim(bench.at)
    assert mine is not None
    assert not entries.mark_sent(stalled, bench.at)
    assert entries.mark_sent(mine, bench.at)
    assert mine.tries == 1


def test_cart_is_not_given_up_while_a_change_of_it_is_being_tried_again(bench: Bench) -> None:
    bench.crm.execute(
        """
        insert into crm.outbox (channel_code, kind, target_key, entity, record_key, wanted_json, idempotency_key,
            requested_by, requested_login, state, finished_at)
        values ('us', 'cart_to_order', 'us:9', 'carts', 'us:9', '{}', 'k', '', '', 'dead', now())
        """
    )
    with bench.crm.engine.begin() as mover, bench.crm.engine.connect() as decider:
        mover.execute(text("select pg_advisory_xact_lock(hashtextextended('outbox:carts:us:9', 0))"))
        decider.execute(text("set lock_timeout = '50ms'"))
        with pytest.raises(exc.OperationalError, match="lock timeout"):
            decider.execute(text("select crm.decide_change(1, 'retry')"))


@pytest.mark.parametrize("is_asked_of_another", [True, False])
def test_order_that_needs_a_second_person_is_not_approved_by_who_asked_for_it(
    bench: Bench, is_asked_of_another: bool
) -> None:
    bench.crm.execute(
        """
        insert into crm.outbox (channel_code, kind, target_key, entity, record_key, wanted_json, base_json,
            idempotency_key, requested_by, requested_login, state, result_json)
        values ('us', 'cart_to_order', 'us:9', 'carts', 'us:9', '{}', '{}', 'k', 'Ada', 'ada', 'conflict', :asked)
        """,
        asked=json.dumps({SECOND_PERSON: is_asked_of_another}),
    )
    bench.crm.execute(
        "insert into ops.write_back_log (outbox_id, channel_code, attempt_number, field_name, remote_value, reason)"
        " values (1, 'us', 1, :total, '57.3', 'both changed it, somebody has to decide')",
        total=TOTAL,
    )
    if is_asked_of_another:
        with pytest.raises(RequestRefused, match="somebody else than who asked") as caught:
            decide(bench, 1, "crm", decided_by=" ada")
        assert caught.value.field == "decided_by"
        assert decide(bench, 1, "crm", decided_by="Charles") == "pending"
    else:
        assert decide(bench, 1, "crm", decided_by="Ada") == "pending"
    assert bench.entry(1).base_json == {TOTAL: "57.3"}


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
    assert bench.send() == {"unknown": 1}
    bench.crm.execute("update crm.outbox set state = 'dead', finished_at = unanswered_at")
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


def test_customer_who_may_still_be_made_is_not_made_by_a_retry(bench: Bench) -> None:
    wanted = {"email": "n@b.example", "first_name": "A", "last_name": "B", "website_id": 1, "store_id": 1}
    number = bench.ask(wanted, "us", "customer_create")  # of no record yet, which others could wait for
    bench.store.before = times_out
    assert bench.send() == {"unknown": 1}
    bench.crm.execute("update crm.outbox set state = 'dead', finished_at = unanswered_at")
    decide(bench, number, "retry")
    bench.at += 14 * MINUTE
    assert bench.send() == {}


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
        (
            second,
            "pending",
            "Nothing: it is sent by itself where two_way is on. To take it back: drop.",
            first,
            None,
        ),
    ]
    decide(bench, first, "store")
    bench.store.before = fail(WriteRefused("No."))
    bench.send(priority="ask")
    died = "select outbox_id, state, last_error, next_step from crm.waiting_changes"
    assert bench.crm.rows(died) == [(second, "rejected", "No.", "Mend the reason, then retry; or drop.")]
    decide(bench, second, "drop")
    assert bench.crm.rows(died) == []
