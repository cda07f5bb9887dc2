from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from include.demo_store.running import RunningStore, running_store
from tests.orchestration.house import House

pytestmark = pytest.mark.slow(100)

EVENTS = Counter({"crm.customers": 1, "crm.customer_addresses": 1})
SMALL_WINDOWS: dict[str, Any] = {"limits": {"page_size": 10}}
"""A hundred ids a window: two windows for the customers of the store."""
NOWHERE = "postgresql://crm@127.0.0.1:1/crm"


@pytest.fixture(scope="module")
def store() -> Iterator[RunningStore]:
    with running_store(customers=130, orders=40) as running:
        yield running


@pytest.fixture
def one_window_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("include.orchestration.sync.WINDOWS_PER_BATCH", 1)


def loaded(house: House, channel: str = "demo") -> set[int]:
    return house.ids("customers", "customer_id", channel)


def test_first_run_loads_everything_and_tells_each_asset_once(
    house: House, store: RunningStore, one_window_a_batch: None
) -> None:
    house.channel("demo", store, **SMALL_WINDOWS)
    run = house.run("sync_customers")
    assert (run.state, run.states["load.upsert[1]"], run.events) == ("success", "success", EVENTS)
    assert loaded(house) == set(store.shop.customer_ids())


def test_a_run_without_changes_is_green_and_tells_nobody(house: House, store: RunningStore) -> None:
    house.channel("demo", store)
    house.run("sync_customers")
    run = house.run("sync_customers")
    assert (run.state, run.states["publish"], run.events) == ("success", "skipped", Counter())
    assert house.rows("select count(*) from ops.windows where state = 'done'") == [(2,)]


def test_every_asset_of_orders_is_told_once(house: House, store: RunningStore) -> None:
    house.channel("demo", store)
    run = house.run("sync_orders")
    assert run.events == Counter(
        {
            f"crm.{name}": 1
            for name in ("orders", "order_items", "order_addresses", "order_payments", "order_comments")
        }
    )


def test_only_window_numbers_pass_through_airflow(house: House, store: RunningStore) -> None:
    house.channel("demo", store)
    run = house.run("sync_customers")
    batch = {"entity": "customers", "channel": "demo", "windows": [1]}
    assert run.results == {
        "plan": {"failures": [], "return_value": [batch]},
        "publish": {"return_value": 437},
    }


def test_task_logs_hold_no_secret_and_no_address(
    house: House, store: RunningStore, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    house.channel("demo", store)
    house.sync("stores", "customers", "orders")
    house.channel("broken", store, key="not-the-key-of-anyone")
    house.run("sync_customers")
    out = "".join(capfd.readouterr()) + caplog.text
    people = [customer.row for customer in store.shop.customers()]
    assert "verdict" in out
    assert [secret for secret in (store.key, "not-the-key-of-anyone") if secret in out] == []
    assert [row["email"] for row in people if row["email"] and row["email"] in out] == []


def test_a_failed_window_keeps_the_run_red_while_the_others_load(
    house: House, store: RunningStore, one_window_a_batch: None, capfd: pytest.CaptureFixture[str]
) -> None:
    house.channel("demo", store, **SMALL_WINDOWS)
    refuse_customer(house, 7)
    run = house.run("sync_customers")
    assert (run.state, run.events) == ("failed", EVENTS)
    assert loaded(house) == {number for number in store.shop.customer_ids() if number > 30}
    assert len(run.sentences) == 1
    assert "@" not in run.sentences[0]
    assert "secret@example.com" not in "".join(capfd.readouterr())


def test_a_cleared_run_goes_on_where_it_stopped(
    house: House, store: RunningStore, one_window_a_batch: None
) -> None:
    house.channel("demo", store, **SMALL_WINDOWS)
    refuse_customer(house, 7)
    broken = house.run("sync_customers")
    house.execute("drop trigger refuse on crm.customers")
    mended = house.run("sync_customers", again=broken)
    assert (mended.run_id, mended.state, mended.events - broken.events) == (broken.run_id, "success", EVENTS)
    assert loaded(house) == set(store.shop.customer_ids())
    initial = "select id_low, state, attempts from ops.windows where kind = 'initial' order by id_low"
    assert house.rows(initial) == [(0, "done", 2), (30, "done", 1)]


def refuse_customer(house: House, customer_id: int) -> None:
    """As if a colleague's constraint stood in the way; its message quotes a value, as PostgreSQL's own do."""
    house.execute(
        "create function refuse() returns trigger language plpgsql as "
        "$$ begin raise exception 'no room for secret@example.com'; end $$"
    )
    house.execute(
        f"create trigger refuse before insert on crm.customers for each row when (new.customer_id = {customer_id}) "
        "execute function refuse()"
    )


def test_a_full_disk_is_one_sentence_and_loads_nothing_until_there_is_room(
    house: House, store: RunningStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    house.channel("demo", store)
    with monkeypatch.context() as patched:
        patched.setattr("include.sync.staging.pq.write_table", full)
        run = house.run("sync_customers")
    assert (run.state, loaded(house), len(run.sentences)) == ("failed", set(), 1)
    sentence = "The staging root cannot be written (No space left on device): free space there"
    assert sentence in run.sentences[0]
    assert [row.error.startswith(sentence) for row in house.rows("select error from ops.windows")] == [True]
    assert house.run("sync_customers").events == EVENTS
    assert loaded(house) == set(store.shop.customer_ids())


def test_a_channel_that_cannot_be_planned_keeps_the_run_red_while_the_others_load(
    house: House, store: RunningStore
) -> None:
    house.channel("good", store)
    house.channel("wrong", store, key="another-key")
    run = house.run("sync_customers")
    assert (run.state, run.states["plan"], run.states["verdict"], run.events) == (
        "failed",
        "success",
        "failed",
        EVENTS,
    )
    assert loaded(house, "good") == set(store.shop.customer_ids())
    (sentence,) = run.sentences
    assert sentence.startswith("Channel wrong: The store refuses the login")
    assert house.rows("select distinct channel_code from ops.windows") == [("good",)]


def test_a_run_in_which_nothing_can_be_planned_is_red_and_says_why_once(
    house: House, store: RunningStore
) -> None:
    house.channel("wrong", store, key="another-key")
    run = house.run("sync_customers")
    assert (run.state, run.states["plan"], run.states["publish"]) == ("failed", "failed", "skipped")
    assert len(run.sentences) == 1


def test_a_refused_channel_file_keeps_the_run_red_while_the_others_load(
    house: House, store: RunningStore
) -> None:
    house.channel("good", store)
    house.channel("broken", store, timezone="Berlin")
    run = house.run("sync_customers")
    assert (run.state, loaded(house, "good")) == ("failed", set(store.shop.customer_ids()))
    (sentence,) = run.sentences
    assert sentence.startswith("Channel file broken.yml is refused: timezone")


def test_a_channel_that_is_not_due_waits_for_its_time_but_not_for_a_person(
    house: House, store: RunningStore
) -> None:
    house.channel("slow", store, schedules={"customers": "1d"})
    assert house.run("sync_customers", as_type="scheduled").events == EVENTS
    house.run("sync_customers", as_type="scheduled")
    assert house.rows("select kind from ops.windows") == [("initial",)]
    house.execute("update ops.frontiers set planned_at = planned_at - interval '1 day'")
    house.run("sync_customers", as_type="scheduled")
    assert house.rows("select count(*) from ops.windows") == [(2,)]
    house.run("sync_customers")
    assert house.rows("select count(*) from ops.windows") == [(3,)]


def test_the_channel_asked_for_is_read_alone(house: House, store: RunningStore) -> None:
    house.channel("one", store)
    house.channel("two", store)
    house.channel("broken", store, timezone="Berlin")
    run = house.run("sync_customers", channel="two")
    assert (run.state, house.rows("select distinct channel_code from ops.windows")) == ("success", [("two",)])


def test_a_channel_asked_for_is_not_read_for_an_entity_its_file_leaves_out(
    house: House, store: RunningStore
) -> None:
    house.channel("demo", store, entities=["customers"])
    run = house.run("sync_orders", channel="demo")
    assert (run.state, house.rows("select * from ops.windows")) == ("success", [])


def test_from_and_to_read_again_what_changed_in_between(house: House, store: RunningStore) -> None:
    house.channel("demo", store)
    house.run("sync_customers")
    stamps = sorted(instant(customer.row["updated_at"]) for customer in store.shop.customers())
    low, high = stamps[40], stamps[40] + timedelta(hours=5)
    house.run("sync_customers", from_=low.isoformat(), to=high.isoformat())
    expected = sum(low <= stamp <= high for stamp in stamps)
    window = "select low_at, high_at, is_open, read_count from ops.windows where kind = 'range'"
    assert house.rows(window) == [(low, high, False, expected)]


def test_from_alone_reads_again_until_now(house: House, store: RunningStore) -> None:
    house.channel("demo", store)
    house.run("sync_customers")
    stamps = sorted(instant(customer.row["updated_at"]) for customer in store.shop.customers())
    house.run("sync_customers", from_=stamps[-5].isoformat())
    read = "select bool_or(is_open), sum(read_count) from ops.windows where kind = 'range'"
    assert house.rows(read) == [(True, 5)]


def test_records_are_read_by_id_and_by_number(house: House, store: RunningStore) -> None:
    house.channel("demo", store)
    first, last = sorted(store.shop.order_ids())[::39]
    number = store.shop.order(last).row["increment_id"]
    run = house.run("sync_orders", channel="demo", ids=str(first), number=number)
    assert (run.state, house.ids("orders", "order_id", "demo")) == ("success", {first, last})
    assert house.rows("select * from ops.frontiers") == []


def instant(text: str | None) -> datetime:
    return datetime.fromisoformat(text or "").replace(tzinfo=UTC)


def test_full_resync_overwrites_what_looks_newer(house: House, store: RunningStore) -> None:
    house.channel("demo", store)
    house.run("sync_customers")
    house.execute(
        "update crm.customers set last_name = 'Restored', row_hash = 0, source_updated_at = '2090-01-01' "
        "where customer_id in (3, 4)"
    )
    run = house.run("sync_customers", full_resync=True)
    assert (run.state, run.events) == ("success", EVENTS)
    assert house.rows("select customer_id from crm.customers where last_name = 'Restored'") == []
    assert house.rows("select kind, is_forced from ops.windows order by window_id desc limit 1") == [
        ("resync", True)
    ]


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"to": "2026-11-01T00:00:00Z"}, "`to` was given without `from`"),
        ({"from_": "2026-11-02T00:00:00Z", "to": "2026-11-01T00:00:00Z"}, "`to` lies before `from`"),
        ({"from_": "yesterday"}, "`from` is no instant"),
        ({"ids": "5"}, "give `channel` as well"),
        ({"ids": "five", "channel": "demo"}, "`ids` holds something that is no id"),
        ({"ids": "99999", "channel": "demo"}, "has no customers with the id 99999"),
        ({"channel": "dem"}, "did you mean demo"),
        ({"channel": "closed"}, "Channel closed is not active"),
        ({"channel": "broken"}, "Channel file broken.yml is refused"),
    ],
)
def test_a_form_that_makes_no_sense_is_one_sentence(
    house: House, store: RunningStore, answers: dict[str, Any], sentence: str
) -> None:
    house.channel("demo", store)
    house.channel("closed", store, active=False)
    house.channel("broken", store, timezone="Berlin")
    run = house.run("sync_customers", **answers)
    assert (run.state, len(run.sentences)) == ("failed", 1)
    assert sentence in run.sentences[0]
    assert house.rows("select * from ops.windows") == []


def test_what_may_pass_is_tried_again_and_what_needs_a_person_is_not(
    house: House, store: RunningStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    from include.orchestration import defaults

    for name, value in {
        "retries": 1,
        "retry_delay": timedelta(0),
        "retry_exponential_backoff": False,
    }.items():
        monkeypatch.setitem(defaults.SYNC["default_args"], name, value)
    house.channel("demo", store, key="another-key")
    assert house.run("sync_customers").tries["plan"] == 1
    monkeypatch.setenv("AIRFLOW_CONN_CRM_WAREHOUSE", NOWHERE)
    run = house.run("sync_customers")
    assert (run.state, run.tries["plan"], run.tries["verdict"]) == ("failed", 2, 1)
    assert len(run.sentences) == 1


def test_time_in_the_shop_brings_exactly_what_changed_in_it(house: House) -> None:
    with running_store(customers=130, orders=40) as store:
        house.channel("demo", store)
        house.run("sync_customers")
        before = {customer.row["entity_id"]: customer.row for customer in store.shop.customers()}
        store.tick(36)
        # A new address alone does not touch its customer in Magento: that is no change that could be seen.
        after = {customer.row["entity_id"]: customer.row for customer in store.shop.customers()}
        run = house.run("sync_customers")
    arrived = house.rows(
        "select customer_id from crm.customers join ops.windows using (window_id) where run_id = :run",
        run=run.run_id,
    )
    changed = {number for number in after if before.get(number) != after[number]}
    assert changed - set(before)
    assert changed & set(before)
    assert {str(row.customer_id) for row in arrived} == changed
