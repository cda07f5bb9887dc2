"""One change, from the outbox to the store and back: merged, written once, verified; and what failures leave behind."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from include.entities.fields import StoreKind
from include.errors import ConfigError, TransientError
from include.magento.cart_changes import CartRef
from include.magento.door import Reading, Record, children
from include.magento.faults import CallRefused, OutcomeUnknown, WriteRefused
from include.magento.writing import (
    CancelOrder,
    Change,
    CommentOrder,
    CreateAddress,
    CreateCustomer,
    CreateSubscription,
    DeleteAddress,
    HoldOrder,
    Leaving,
    SetSubscription,
    UpdateAddress,
    UpdateCustomer,
    at_once,
)
from include.write_back import outbox, sender, working_off
from include.write_back.desk import Desk, left_behind_before
from include.write_back.entry import Entry, Outcome
from include.write_back.requests import request_change
from include.write_back.sender import Sender, outbox_of
from include.write_back.working_off import connections_for, warehouse_clock, work_off
from tests.suppressions.addresses import KEYS
from tests.sync.records import customer, order
from tests.sync.shop import Door, Shop, channel

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class TwoWayStore(Door):
    """A store in memory that also takes changes; `before` and `after` a change it may raise what a test wants.

    `asleep` is called when a change is at hand and has not left yet.
    """

    asleep: Callable[[], None] = lambda: None
    accepted: Callable[[Change], bool] = lambda change: True
    kind: StoreKind = "magento1"
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None
    written: list[Change] = field(default_factory=list)

    @property
    def writer(self) -> TwoWayStore:
        return self

    def find(self, reading: Reading, name: str, values: Sequence[str]) -> list[Record]:
        """Of the kind the reading is for, since records of several are here."""
        return [record for record in super().find(reading, name, values) if reading.id_field in record]

    def write(self, change: Change, *, leaving: Leaving = at_once) -> str | None:
        self.asleep()
        leaving()
        if not self.accepted(change):
            raise CallRefused("Not our user.")
        self.before()
        self.written.append(change)
        new = _kept(self.records, change)
        self.after()
        return new

    def accepts(self, kind: type[Change]) -> str | None:
        return None

    def cart(self, cart: CartRef) -> Record:
        raise NotImplementedError

    def shipping_methods(self, cart: CartRef) -> list[Any]:
        raise NotImplementedError

    payment_methods = totals = agreements = shipping_methods


def _kept(records: list[Record], change: Change) -> str | None:
    """Make a change in the first record, or add one; what is new is number 51."""
    match change:
        case CreateCustomer(fields=fields):
            records.append({"customer_id": "51", **fields})
        case CreateAddress(fields=fields):
            book = children(records[0], "addresses")
            records[0]["addresses"] = [*book, {"customer_address_id": "51", **fields}]
        case CreateSubscription(status=status, customer_id=customer_id):
            records.append(
                {"subscriber_id": "51", "customer_id": str(customer_id), "subscriber_status": status}
            )
        case _:
            _change(records[0], change)
            return None
    return "51"


def _change(record: Record, change: Change) -> None:
    match change:
        case UpdateCustomer(fields=fields):
            record.update(fields)
        case UpdateAddress(fields=fields):
            (address,) = children(record, "addresses")
            address.update(fields)
        case DeleteAddress():
            record["addresses"] = []
        case SetSubscription(status=status):
            record["subscriber_status"] = status
        case CommentOrder(text=comment):
            record["status_history"] = [{"comment": comment}, *children(record, "status_history")]
        case _:
            states: dict[type, str] = {HoldOrder: "holded", CancelOrder: "canceled"}
            record["state"] = states.get(type(change), "processing")


@dataclass
class Bench:
    """A warehouse, a store, and a clock that a test moves."""

    crm: Shop
    store: TwoWayStore
    at: datetime = NOON

    def ask(
        self, wanted: dict[str, Any], target: str = "us:5", kind: str = "customer_update", **more: Any
    ) -> int:
        with self.crm.engine.begin() as connection:
            return request_change(connection, kind, target, wanted, **more)

    def sender(self, **two_way: Any) -> Sender:
        settings = {"enabled": True, "attempts": 3, **two_way}
        mine = channel(two_way=settings)
        outbox = outbox_of(self.crm.engine, mine)
        return Sender(outbox=outbox, channel=mine, door=self.store, now=lambda: self.at, keys=KEYS)

    def send(self, **two_way: Any) -> dict[str, int]:
        sender = self.sender(**two_way)
        mine = sender.channel.two_way
        sender.outbox.recover(left_behind_before(mine, self.at), attempts=mine.attempts)
        states, _ = sender.work_off()
        return dict(states)

    def entry(self, number: int) -> Any:
        with self.crm.engine.connect() as connection:
            query = text("select * from crm.outbox where outbox_id = :n")
            return connection.execute(query, {"n": number}).one()

    def states(self) -> list[str]:
        return self.crm.rows("select state from crm.outbox order by outbox_id")


@pytest.fixture
def bench(crm: Shop) -> Bench:
    return Bench(crm, TwoWayStore(records=[customer(5, firstname="Ada", lastname="Byron")]))


def fail(error: Exception) -> Callable[[], None]:
    def raise_it() -> None:
        raise error

    return raise_it


def fail_reading(_: Any) -> None:
    raise TransientError("Closed.")


def times_out() -> None:
    raise OutcomeUnknown("The answer was lost.")


def test_change_is_merged_written_verified_and_its_decisions_kept(bench: Bench) -> None:
    bench.store.records[0]["lastname"] = "Lovelace"  # changed in the shop meanwhile
    number = bench.ask({"first_name": "Augusta", "last_name": "Byron"})
    assert bench.send() == {"done": 1}
    assert bench.store.written == [UpdateCustomer(customer_id=5, fields={"firstname": "Augusta"})]
    assert bench.entry(number).result_json == {"written": ["first_name"]}
    log = bench.crm.rows(
        "select field_name, base_value, local_value, remote_value, taken_value from ops.write_back_log order by 1"
    )
    assert log == [
        ("first_name", "Ada", "Augusta", "Ada", "Augusta"),
        ("last_name", "Byron", "Byron", "Lovelace", "Lovelace"),
    ]


@pytest.mark.parametrize(
    ("priority", "state", "holds"),
    [("remote", "done", "Adele"), ("local", "done", "Augusta"), ("ask", "conflict", "Adele")],
)
def test_channels_priority_decides_where_both_sides_changed(
    bench: Bench, priority: str, state: str, holds: str
) -> None:
    bench.store.records[0]["firstname"] = "Adele"
    number = bench.ask({"first_name": "Augusta"})
    assert bench.send(priority=priority) == {state: 1}
    assert bench.store.records[0]["firstname"] == holds
    later = bench.ask({"last_name": "King"})
    bench.send(priority=priority)
    assert bench.entry(later).state == ("pending" if state == "conflict" else "done")
    assert bench.entry(number).state == state


def test_channel_whose_two_way_is_off_never_writes_and_a_preview_neither(bench: Bench) -> None:
    number = bench.ask({"first_name": "Augusta"})
    assert bench.send(enabled=False) == {}
    ((entry, fields),) = bench.sender().preview()
    assert (entry.outbox_id, fields) == (number, ["first_name"])
    assert bench.store.written == []
    assert bench.entry(number).state == "pending"
    assert bench.crm.one("select count(*) from ops.write_back_log") == 0


@pytest.mark.parametrize("was_done", [True, False])
def test_lost_answer_is_looked_up_after_the_stores_time_and_written_once(
    bench: Bench, was_done: bool
) -> None:
    setattr(bench.store, "after" if was_done else "before", times_out)
    number = bench.ask({"first_name": "Augusta"})
    assert bench.send() == {"unknown": 1}
    assert bench.entry(number).sent_at == NOON
    bench.store.before = bench.store.after = lambda: None
    bench.at += 14 * MINUTE
    assert bench.send() == {}  # the first request may still be running
    bench.at += MINUTE
    assert bench.send() == {"done": 1}
    assert len(bench.store.written) == 1
    assert bench.store.records[0]["firstname"] == "Augusta"


def test_what_may_pass_is_tried_later_and_later_and_is_dead_in_the_end(bench: Bench) -> None:
    bench.store.before = fail(TransientError("The store is closed."))
    number = bench.ask({"first_name": "Augusta"})
    for minutes in (1, 2):
        assert bench.send() == {"pending": 1}
        assert bench.entry(number).next_attempt_at == bench.at + minutes * MINUTE
        assert bench.entry(number).sent_at is None
        assert bench.send() == {}
        bench.at += minutes * MINUTE
    assert bench.send() == {"dead": 1}
    assert bench.entry(number).last_error == "The store is closed."
    assert bench.store.written == []


def test_refusal_of_the_store_is_kept_with_its_reason(bench: Bench) -> None:
    bench.store.before = fail(WriteRefused("The store refuses the customer's data."))
    number = bench.ask({"first_name": "Augusta"})
    assert bench.send() == {"rejected": 1}
    assert bench.entry(number).last_error == "The store refuses the customer's data."


def test_wrong_setting_stops_the_run_and_costs_the_entry_nothing(bench: Bench) -> None:
    bench.store.before = fail(ConfigError("The key is wrong."))
    number = bench.ask({"first_name": "Augusta"})
    with pytest.raises(ConfigError):
        bench.send()
    assert (bench.entry(number).state, bench.entry(number).sent_at) == ("pending", None)


def test_kind_of_change_that_the_store_refuses_us_waits_and_holds_up_no_other(bench: Bench) -> None:
    bench.crm.load("orders", order(2))
    bench.store.records += [order(1), order(2)]
    comments = [bench.ask({"comment_text": "x"}, f"us:{n}", "order_comment") for n in (1, 2)]
    edit = bench.ask({"first_name": "Augusta"})
    bench.store.accepted = lambda change: not isinstance(change, CommentOrder)
    with pytest.raises(CallRefused, match="Not our user"):
        bench.send()
    assert bench.entry(edit).state == "done"
    refused, untouched = (bench.entry(number) for number in comments)
    assert (refused.state, refused.attempt_count, refused.last_error) == ("pending", 1, "Not our user.")
    assert (untouched.state, untouched.attempt_count) == ("pending", 0)


@pytest.mark.parametrize(("where", "state"), [("before", "unknown"), ("read", "pending")])
def test_surprise_is_put_off_without_its_words_and_holds_up_nobody(
    bench: Bench, where: str, state: str
) -> None:
    bench.store.records.append(order(1))
    number, other = bench.ask({"first_name": "Augusta"}), bench.ask({}, "us:1", "order_unhold")

    def breaks(*_: Any, **__: Any) -> Any:
        raise KeyError("ada@b.example")

    setattr(bench.store, where, breaks)
    assert bench.send() == {state: 1, "done": 1}
    assert bench.entry(other).state == "done"
    assert bench.entry(number).last_error.startswith("Unexpected KeyError: ")
    was_sent = state == "unknown"  # so it is looked up once more
    for _ in range(2 + was_sent):
        bench.at += 16 * MINUTE
        bench.send()
    assert (bench.entry(number).state, bench.entry(number).attempt_count) == ("dead", 3 + was_sent)


@pytest.mark.parametrize("was_done", [True, False])
def test_answer_lost_in_the_last_attempt_is_looked_up_once_more_and_nothing_is_sent_then(
    bench: Bench, was_done: bool
) -> None:
    setattr(bench.store, "after" if was_done else "before", times_out)
    number = bench.ask({"first_name": "Augusta"})
    assert bench.send(attempts=1) == {"unknown": 1}
    bench.store.before = bench.store.after = lambda: None
    bench.at += 16 * MINUTE
    assert bench.send(attempts=1) == {"done" if was_done else "dead": 1}
    assert len(bench.store.written) == was_done
    assert (bench.entry(number).last_error is None) == was_done
    if not was_done:
        assert "has not happened" in bench.entry(number).last_error


def test_entry_whose_last_look_fails_says_that_it_may_have_happened(bench: Bench) -> None:
    bench.store.after = times_out
    number = bench.ask({"first_name": "Augusta"})
    assert bench.send(attempts=1) == {"unknown": 1}
    bench.store.before_page = fail_reading
    bench.at += 16 * MINUTE
    assert bench.send(attempts=1) == {"dead": 1}
    assert bench.entry(number).last_error == "Closed. Whether it happened is not known: retry looks first."


def test_trouble_after_the_store_took_a_part_does_not_make_it_unsent(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def attempt(desk: Desk, entry: Entry) -> Outcome:
        desk.write(entry, UpdateCustomer(customer_id=5, fields={"firstname": "Augusta"}))
        raise TransientError("The store is closed.")

    monkeypatch.setitem(sender.ATTEMPTS, "customer_update", attempt)
    number = bench.ask({"first_name": "Augusta"})
    assert bench.send() == {"pending": 1}
    left = bench.entry(number)
    assert (left.sent_at, left.request_count, left.unread_json) == (NOON, 1, [["customers", 5]])


def test_records_of_different_entities_with_one_key_do_not_wait_for_each_other(bench: Bench) -> None:
    bench.crm.load("orders", order(5))
    bench.store.records[0]["firstname"] = "Adele"
    bench.store.records.append(order(5, state="holded"))
    bench.ask({"first_name": "Augusta"})
    later = bench.ask({}, "us:5", "order_hold")
    assert bench.send(priority="ask") == {"conflict": 1, "done": 1}
    assert bench.entry(later).state == "done"


def test_entry_that_its_workers_die_of_is_dead_after_one_more_look(bench: Bench) -> None:
    number = bench.ask({"first_name": "Augusta"})
    entries, states = bench.sender().outbox, []
    for _ in range(4):
        assert entries.claim(bench.at)
        bench.at += 16 * MINUTE
        entries.recover(bench.at - 15 * MINUTE, attempts=3)
        states.append(bench.entry(number).state)
    assert states == ["pending", "pending", "pending", "dead"]
    assert bench.entry(number).finished_at is not None


def test_customer_gone_from_the_store_is_not_made_again_and_is_read_again(bench: Bench) -> None:
    bench.store.records.clear()
    number = bench.ask({"first_name": "Augusta"})
    states, ids = bench.sender().work_off()
    assert (dict(states), ids) == ({"rejected": 1}, {("customers", 5)})
    assert "no longer in the store" in bench.entry(number).last_error


def test_store_that_keeps_something_else_is_told(bench: Bench) -> None:
    bench.store.after = lambda: bench.store.records[0].update(firstname="????")
    number = bench.ask({"first_name": "😀"})
    assert bench.send() == {"rejected": 1}
    assert bench.entry(number).last_error.endswith("holds something else in first_name.")


def test_address_of_another_customer_of_the_website_is_refused(bench: Bench) -> None:
    bench.store.records.append(customer(6, email="taken@b.example"))
    bench.ask({"email": "taken@b.example"})
    assert bench.send() == {"rejected": 1}
    assert bench.store.written == []


def test_customer_moves_to_another_website_where_the_address_is_free(bench: Bench) -> None:
    moves = {"website_id": 2, "store_id": 3}
    bench.store.records.append(customer(6, email="person5@example.com", website_id="2"))
    taken = bench.ask(moves)
    assert bench.send() == {"rejected": 1}
    assert "Another customer of the store (6)" in bench.entry(taken).last_error
    bench.ask({**moves, "email": "free@b.example"})
    assert bench.send() == {"done": 1}
    fields = {"email": "free@b.example", "website_id": "2", "store_id": "3"}
    assert bench.store.written == [UpdateCustomer(customer_id=5, fields=fields)]


def test_gender_and_birthday_are_written_as_the_store_writes_them(bench: Bench) -> None:
    bench.store.records[0].update(gender="Male", dob="1815-12-10 00:00:00")
    bench.ask(
        {"gender": "Female", "birth_date": "1815-12-11"}, base={"gender": "Male", "birth_date": "1815-12-10"}
    )
    bench.store.after = lambda: bench.store.records[0].update(gender="Female", dob="1815-12-11 00:00:00")
    assert bench.send() == {"done": 1}
    assert bench.store.written == [UpdateCustomer(customer_id=5, fields={"gender": "2", "dob": "1815-12-11"})]


def test_ceiling_of_a_day_leaves_the_rest_waiting(bench: Bench) -> None:
    for name in ("A", "B", "C"):
        bench.ask({"first_name": name}, base={"first_name": name})
        bench.ask({"last_name": name})
    bench.send(daily_ceiling=2, priority="local")
    assert len(bench.store.written) == 2
    bench.at += timedelta(days=1, minutes=1)
    bench.send(daily_ceiling=2, priority="local")
    assert [c.fields for c in bench.store.written if isinstance(c, UpdateCustomer)] == [
        {"lastname": name} for name in "ABC"
    ]  # in the order of asking


def test_ceiling_counts_every_request_on_the_day_it_goes_out(bench: Bench) -> None:
    bench.store.before = times_out
    bench.ask({"first_name": "A"})
    bench.send()
    bench.store.before = lambda: None
    bench.at += timedelta(days=1, minutes=1)
    assert bench.send() == {"done": 1}
    assert (
        bench.sender().outbox.sent_within_a_day(bench.at) == 2
    )  # the one that was lost came to be one of today's
    bench.ask({"last_name": "B"})
    assert bench.send(daily_ceiling=2) == {}
    assert bench.send(daily_ceiling=3) == {"done": 1}


def test_change_of_several_requests_is_not_called_unsent_for_the_last_of_them(bench: Bench) -> None:
    number = bench.ask({"first_name": "A"})
    entries = bench.sender().outbox
    entry = entries.claim(bench.at)
    assert entry is not None
    for _ in range(2):
        assert entries.mark_sent(entry, bench.at)
    closed = Outcome(state="pending", was_not_sent=True)
    entries.settle(entry, closed, began_at=bench.at, now=bench.at, wait=MINUTE)
    assert (bench.entry(number).sent_at, bench.entry(number).request_count) == (NOON, 2)


def test_ceiling_counts_what_other_workers_have_at_hand(bench: Bench) -> None:
    bench.crm.load("orders", order(2))
    for target in ("us:1", "us:2"):
        bench.ask({}, target, kind="order_hold")
    entries = bench.sender().outbox
    first = entries.claim(bench.at, ceiling=1)
    assert first is not None
    assert entries.claim(bench.at, ceiling=1) is None
    assert entries.mark_sent(first, bench.at)
    assert entries.claim(bench.at, ceiling=1) is None
    assert entries.claim(bench.at, ceiling=2) is not None


def test_claim_goes_along_the_queue_from_its_front_whatever_is_known_of_it(bench: Bench) -> None:
    bench.ask({"first_name": "A"})
    values = {
        "channel": "us",
        "kinds": ["customer_update"],
        "now": NOON,
        "ceiling": 1,
        "since": NOON - MINUTE,
        "quiet": NOON - MINUTE,
    }
    with bench.crm.engine.begin() as connection:
        connection.execute(outbox._ONE_BY_ONE, {"channel": "us"})
        plan = "\n".join(connection.execute(text(f"explain {outbox._CLAIM.text}"), values).scalars())
    assert "Index Scan using outbox_queue_idx" in plan
    assert "Sort" not in plan


def test_killed_worker_leaves_the_entry_to_be_looked_up_or_tried_again(bench: Bench) -> None:
    sent, unsent = bench.ask({"first_name": "A"}), None
    entry = bench.sender().outbox.claim(bench.at)
    assert entry is not None
    assert bench.sender().outbox.mark_sent(entry, bench.at)
    bench.at += 14 * MINUTE
    assert bench.send() == {}
    bench.at += 2 * MINUTE
    assert bench.sender().outbox.recover(bench.at - 15 * MINUTE, attempts=3) == 1
    assert bench.entry(sent).state == "unknown"
    assert bench.send() == {"done": 1}
    assert bench.entry(sent).attempt_count == 2
    unsent = bench.ask({"last_name": "B"})
    assert bench.sender().outbox.claim(bench.at)
    bench.at += 16 * MINUTE
    assert bench.sender().outbox.recover(bench.at - 15 * MINUTE, attempts=3) == 1
    assert bench.entry(unsent).state == "pending"


@pytest.mark.parametrize("another_took_over", [True, False])
def test_worker_that_sleeps_between_commit_and_request_never_sends_what_another_may_have_sent(
    bench: Bench, another_took_over: bool
) -> None:
    bench.store.records[:] = [order(1, status="on_its_way")]
    number = bench.ask({"comment_text": "Hello"}, "us:1", "order_comment")
    others: list[dict[str, int]] = []

    def sleeps() -> None:
        bench.store.asleep = lambda: None
        bench.at += 20 * MINUTE
        if another_took_over:
            others.append(bench.send())

    bench.store.asleep = sleeps
    mine = bench.send()
    assert (mine, others) == (({"pending": 1}, [{"done": 1}]) if another_took_over else ({"done": 1}, []))
    assert bench.entry(number).state == "done"
    assert len(bench.store.written) == 1


def test_request_that_waited_for_its_turn_is_committed_anew_so_that_nobody_looks_it_up_too_early(
    bench: Bench,
) -> None:
    number = bench.ask({"first_name": "Augusta"})
    seen: list[Any] = []

    def waits() -> None:
        bench.at += 10 * MINUTE

    bench.store.asleep = waits
    bench.store.before = lambda: seen.append(bench.entry(number))
    assert bench.send() == {"done": 1}
    ((sent_at, claimed_at),) = [(entry.sent_at, entry.claimed_at) for entry in seen]
    assert (sent_at, claimed_at) == (NOON, NOON + 10 * MINUTE)


def test_two_workers_never_have_the_same_entry_nor_two_of_one_record(bench: Bench) -> None:
    numbers = [bench.ask({"first_name": "A"}), bench.ask({"last_name": "B"})]
    claimed = []
    barrier = threading.Barrier(4)

    def claim() -> None:
        barrier.wait(timeout=10)
        claimed.append(bench.sender().outbox.claim(bench.at))

    workers = [threading.Thread(target=claim) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(10)
    assert [entry.outbox_id for entry in claimed if entry] == numbers[:1]


def test_slow_worker_does_not_undo_what_another_has_settled(bench: Bench) -> None:
    number = bench.ask({"first_name": "A"})
    slow = bench.sender().outbox.claim(bench.at)
    assert slow is not None
    bench.at += 20 * MINUTE
    assert bench.send() == {"done": 1}
    assert not bench.sender().outbox.mark_sent(slow, bench.at)
    assert bench.entry(number).state == "done"


def test_outbox_is_worked_off_for_twenty_minutes_and_goes_on_in_the_next_run(bench: Bench) -> None:
    bench.crm.load("orders", order(2))
    bench.store.records[:] = [order(1, state="processing"), order(2, state="processing")]
    for target in ("us:1", "us:2"):
        bench.ask({}, target, kind="order_hold")

    def is_slow() -> None:
        bench.at += 21 * MINUTE

    bench.store.after = is_slow
    bench.send()
    assert bench.states()[1] == "pending"


def test_clock_is_the_warehouses_whatever_the_machines_says(bench: Bench) -> None:
    ahead = warehouse_clock(bench.crm.engine, local=lambda: datetime.now(UTC) + timedelta(hours=3))
    assert abs(ahead() - bench.crm.one("select clock_timestamp()")) < timedelta(minutes=1)


def test_workers_go_by_the_warehouses_clock(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working_off, "warehouse_clock", lambda engine: lambda: bench.at)
    number = bench.ask({"first_name": "Augusta"})
    work_off(bench.crm.engine, channel(two_way={"enabled": True}), lambda: nullcontext(bench.store), KEYS)
    assert bench.entry(number).sent_at == NOON


def test_every_worker_has_a_connection_for_the_slot_of_its_call_and_one_beside_it() -> None:
    assert connections_for(channel(limits={"concurrency": 8})) >= 2 * 8


def test_workers_share_the_outbox_and_open_the_store_only_for_what_is_ready(bench: Bench) -> None:
    opened: list[TwoWayStore] = []

    @contextmanager
    def open_door() -> Iterator[TwoWayStore]:
        opened.append(bench.store)
        yield bench.store

    bench.crm.load("orders", order(2))
    bench.store.records[:] = [order(1, state="holded"), order(2, state="holded")]
    settings = channel(two_way={"enabled": True}, limits={"concurrency": 2})
    assert work_off(bench.crm.engine, settings, open_door, KEYS, now=lambda: bench.at) == (Counter(), set())
    assert opened == []
    for target in ("us:1", "us:2"):
        bench.ask({}, target, kind="order_hold")
        bench.ask({}, target, kind="order_hold")
    states, ids = work_off(bench.crm.engine, settings, open_door, KEYS, now=lambda: bench.at)
    assert (dict(states), ids, len(opened)) == ({"done": 4}, {("orders", 1), ("orders", 2)}, 2)
