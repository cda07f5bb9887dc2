"""What a person asks for, and what is said when a channel or another run stands in the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from include.demo_store.running import RunningStore, running_store
from include.sync.run_lock import at_work
from tests.orchestration.house import House

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def store() -> Iterator[RunningStore]:
    with running_store(customers=130, orders=40) as running:
        yield running


@pytest.fixture(scope="module")
def bare() -> Iterator[RunningStore]:
    with running_store(customers=5, orders=2, bridge=False) as running:
        yield running


def test_what_a_store_cannot_deliver_is_said_in_the_ledger_in_the_ui_and_on_the_screen(
    house: House, bare: RunningStore
) -> None:
    house.channel("bare", bare)
    for _ in range(2):
        run = house.run("sync_newsletter_subscribers")
        skipped = {f"load.{verb}[0]" for verb in ("extract", "validate", "upsert")} | {"publish"}
        assert run.state == "success"
        assert {name for name, state in run.states.items() if state == "skipped"} >= skipped
        assert run.titles["load.extract[0]"] == "bare: skipped"
        (notice,) = run.notices
        assert notice.startswith("bare: newsletter_subscribers skipped: ")
    ((state, reason, attempts),) = house.rows("select state, error, attempts from ops.windows")
    assert (state, attempts) == ("skipped", 2)
    assert notice.endswith(reason)


def test_a_run_by_hand_waits_for_the_run_at_work_and_a_scheduled_one_leaves_it_to_it(
    house: House, store: RunningStore
) -> None:
    house.channel("demo", store)
    house.run("sync_customers")
    house.execute("update ops.windows set state = 'planned', run_id = 'other' where kind = 'incremental'")
    house.execute(
        "insert into ops.windows (channel_code, entity, kind, state, run_id, id_low, id_high)"
        " values ('demo', 'customers', 'initial', 'planned', 'other', 0, 1)"
    )
    house.execute("update ops.frontiers set planned_at = planned_at - interval '1 day'")
    with at_work(house.engine, "other", "demo", "customers"):
        asked = house.run("sync_customers")
        due = house.run("sync_customers", as_type="scheduled")
        one = house.run("sync_customers", channel="demo", ids="7")
    assert (asked.state, due.state, one.state) == ("failed", "success", "success")
    assert asked.sentences == (
        "Channel demo: customers are being read by the run other: wait for its end, then run again.",
    )
    kinds = house.rows("select kind, state from ops.windows where run_id = :run", run=one.run_id)
    assert kinds == [("ids", "done")]
    assert house.rows("select * from ops.windows where run_id = :run", run=due.run_id) == []


def test_a_dry_run_tells_what_would_change_and_publishes_nothing(house: House, store: RunningStore) -> None:
    house.channel("demo", store)
    house.run("sync_customers")
    house.execute("update crm.customers set last_name = 'Other', row_hash = 0 where customer_id = 3")
    run = house.run("sync_customers", dry_run=True, full_resync=True)
    assert (run.state, run.states["publish"], run.events) == ("success", "skipped", Counter())
    assert run.notices[:2] == ("demo: customers: 1 updated, 129 unchanged", "  demo:3 updated (last_name)")
    assert house.rows("select last_name from crm.customers where customer_id = 3") == [("Other",)]


def test_a_run_of_a_backfill_reads_what_changed_in_its_interval(house: House, store: RunningStore) -> None:
    house.channel("demo", store, schedules={"customers": "1d"})
    house.run("sync_customers", as_type="scheduled")
    run = house.run("sync_customers", as_type="backfill")
    at = datetime.fromisoformat(run.run_id.partition("__")[2])
    window = "select kind, low_at, high_at, is_open from ops.windows where run_id = :run"
    assert run.state == "success"
    assert house.rows(window, run=run.run_id) == [("range", at - timedelta(minutes=30), at, False)]


def test_airflow_s_command_makes_a_run_of_a_backfill_for_each_instant_of_the_schedule(
    house: House, store: RunningStore
) -> None:
    from airflow.cli.cli_parser import get_parser
    from airflow.models import DagRun
    from airflow.models.backfill import Backfill
    from airflow.utils.session import create_session
    from airflow.utils.types import DagRunType
    from sqlalchemy import delete, select

    house.channel("demo", store)
    house.run("sync_customers", channel="demo", ids="7")  # Airflow knows a DAG that ran
    command = (
        "backfill create --dag-id sync_customers --from-date 2026-03-01T00:00Z --to-date 2026-03-01T01:00Z"
    )
    arguments = get_parser().parse_args(command.split())
    arguments.func(arguments)
    with create_session() as session:
        made = select(DagRun).where(DagRun.backfill_id.is_not(None)).order_by(DagRun.logical_date)
        runs = session.scalars(made).all()
        assert {DagRunType(run.run_type) for run in runs} == {DagRunType.BACKFILL_JOB}
        spans = [(run.data_interval_start, run.data_interval_end) for run in runs]
        session.execute(delete(DagRun).where(DagRun.backfill_id.is_not(None)))
        session.execute(delete(Backfill))
    ticks = [datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=30 * n) for n in range(3)]
    assert spans == [(tick, tick) for tick in ticks]  # instants: the plan gives them their half hour


def test_whatever_goes_wrong_with_one_channel_is_not_the_others_trouble(
    house: House, store: RunningStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    from include.orchestration import resources

    house.channel("good", store)
    house.channel("odd", store)
    opened = resources.open_store

    def open_store(channel: Any, engine: Any) -> Any:
        if channel.code == "odd":
            raise KeyError("secret@example.com")
        return opened(channel, engine)

    monkeypatch.setattr(resources, "open_store", open_store)
    run = house.run("sync_customers")
    assert run.state == "failed"
    assert run.sentences == ("Channel odd: unexpected KeyError; the task's log says where.",)
    assert house.ids("customers", "customer_id", "good") == set(store.shop.customer_ids())
