from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from include.demo_store.running import RunningStore, running_store
from include.errors import ConfigError
from include.settings import PROJECT_ROOT
from tests.orchestration.house import House
from tests.orchestration.sinks import Sink, mail_server, webhook

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag


@pytest.fixture(scope="module")
def store() -> Iterator[RunningStore]:
    with running_store(customers=10, orders=10) as running:
        yield running


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    with webhook() as sink:
        address = {
            "conn_type": "http",
            "host": f"http://127.0.0.1:{sink.port}/hooks",
            "password": "T0/the-secret",
        }
        monkeypatch.setenv("AIRFLOW_CONN_CRM_NOTIFY_WEBHOOK", json.dumps(address))
        yield sink


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    with mail_server() as sink:
        extra = {
            "disable_ssl": True,
            "disable_tls": True,
            "from_email": "crm@example.com",
            "to_email": "team@example.com",
        }
        server = {"conn_type": "smtp", "host": "127.0.0.1", "port": sink.port, "extra": extra}
        monkeypatch.setenv("AIRFLOW_CONN_CRM_NOTIFY_MAIL", json.dumps(server))
        yield sink


def texts(sink: Sink) -> list[str]:
    return [posted["text"] for posted in sink.got]


@pytest.mark.slow
def test_a_failed_run_is_told_once_with_channel_entity_sentence_and_link(
    house: House, store: RunningStore, chat: Sink
) -> None:
    house.channel("wrong", store, key="another-key")
    run = house.run("sync_customers")
    house.run("sync_customers")
    (text,) = texts(chat)
    title, sentence, channel, entity, link = text.splitlines()
    assert title == "CRM warehouse, wrong customers: needs attention"
    assert sentence == run.sentences[0]
    assert (channel, entity) == ("Channel: wrong", "Entity: customers")
    assert link.startswith("Look at: http://")
    assert "/dags/sync_customers/runs/manual" in link
    assert chat.paths == ["/hooks/T0/the-secret"]


@pytest.mark.slow
def test_each_channel_is_told_of_by_itself(house: House, store: RunningStore, chat: Sink) -> None:
    house.channel("good", store)
    house.channel("wrong", store, key="another-key")
    house.channel("broken", store, timezone="Berlin")
    house.run("sync_stores")
    assert [text.splitlines()[1].split(":")[0] for text in sorted(texts(chat))] == [
        "Channel file broken.yml is refused",
        "Channel wrong",
    ]


@pytest.mark.slow
def test_stale_entity_turns_the_check_red_and_is_told_until_it_has_caught_up(
    house: House, store: RunningStore, mailbox: Sink
) -> None:
    house.channel("demo", store, entities=["customers"])
    house.run("sync_customers")
    assert house.run("maintain_freshness", scheduled=True).state == "success"
    house.execute("update ops.frontiers set frontier_at = frontier_at - interval '1 day'")
    for _ in range(2):
        assert house.run("maintain_freshness", scheduled=True).state == "failed"
    house.run("sync_customers")
    assert house.run("maintain_freshness", scheduled=True).state == "success"
    assert [mail["Subject"] for mail in mailbox.got] == [
        "CRM warehouse, demo customers: needs attention",
        "CRM warehouse, demo customers: well again",
    ]
    assert mailbox.got[0]["To"] == "team@example.com"
    assert (
        "Channel demo: customers is complete only until" in mailbox.got[0].get_body(("html",)).get_content()
    )
    assert house.rows("select subject, told_count from ops.notices") == [("stale:demo:customers", 1)]


def failed(error: BaseException | None, *, later: tuple[str, ...] = ()) -> Any:
    """The context of a failed task."""
    task = SimpleNamespace(
        task_id="upsert",
        get_flat_relatives=lambda upstream: [SimpleNamespace(task_id=name) for name in later],
    )
    ti = SimpleNamespace(dag_id="sync_orders", task_id="upsert", log_url="http://127.0.0.1/dags/sync_orders")
    return {"task": task, "ti": ti, "exception": error}


def test_text_of_an_unexpected_error_stays_in_the_log(house: House, chat: Sink) -> None:
    from include.orchestration.notify import FailureNotifier

    FailureNotifier()(failed(ValueError("ada@example.com lives in London")))
    FailureNotifier()(failed(None))
    unexpected, killed = texts(chat)
    assert "The task upsert ended with an unexpected ValueError" in unexpected
    assert "The task upsert was killed" in killed
    assert "ada" not in unexpected


def test_a_task_whose_run_has_a_verdict_leaves_the_telling_to_it(house: House, chat: Sink) -> None:
    from include.orchestration.notify import FailureNotifier

    FailureNotifier()(failed(ValueError("no"), later=("publish", "verdict")))
    assert chat.got == []


def test_nobody_is_told_and_nothing_is_remembered_without_a_connection(house: House) -> None:
    from include.orchestration.notify import FailureNotifier

    FailureNotifier()(failed(ValueError("no")))
    assert house.rows("select count(*) from ops.notices") == [(0,)]


def test_one_way_that_fails_stops_neither_the_other_nor_the_task(
    house: House, chat: Sink, mailbox: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    from include.orchestration.notify import FailureNotifier

    chat.status = 500
    FailureNotifier()(failed(ValueError("no")))
    assert (len(chat.got), len(mailbox.got)) == (1, 1)
    assert "crm_notify_webhook could not be told (HTTPError)" in caplog.text
    assert "the-secret" not in caplog.text


def test_people_are_told_when_the_warehouse_itself_is_down(
    house: House, chat: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    from include.errors import TransientError
    from include.orchestration.failures import SaidError
    from include.orchestration.notify import FailureNotifier

    monkeypatch.setenv("AIRFLOW_CONN_CRM_WAREHOUSE", "postgresql://crm@127.0.0.1:1/crm")
    FailureNotifier()(failed(SaidError(TransientError("The warehouse does not listen: start it.").summary)))
    assert "The warehouse does not listen: start it." in texts(chat)[0]


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("https://hooks.example.com/services/T0/B0", "https://hooks.example.com/services/T0/B0"),
        ("http://127.0.0.1:8065/hooks/x", "http://127.0.0.1:8065/hooks/x"),
        (
            '{"conn_type":"http","host":"https://a.example/hooks/","password":"x/y"}',
            "https://a.example/hooks/x/y",
        ),
    ],
)
def test_address_of_a_webhook_is_read_however_it_is_written(
    airflow_here: None, monkeypatch: pytest.MonkeyPatch, uri: str, address: str
) -> None:
    from include.orchestration.notify_targets import WEBHOOK, webhook_address
    from include.orchestration.resources import find_connection

    monkeypatch.setenv("AIRFLOW_CONN_CRM_NOTIFY_WEBHOOK", uri)
    assert webhook_address(find_connection(WEBHOOK)) == address


@pytest.fixture
def deadlines(house: House, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The DAG of the check with a deadline, as the DAG processor reads it where hours are set."""
    from include.orchestration import defaults

    # A test just before this one may have written the DAG, and Airflow writes it twice a minute at most.
    monkeypatch.setenv("AIRFLOW__CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL", "0")
    monkeypatch.setenv("CRM_DEADLINE_HOURS", "0.5")
    monkeypatch.setitem(defaults.COMMON, "deadline", defaults.deadline())
    house.bag.process_file(  # type: ignore[no-untyped-call]
        str(PROJECT_ROOT / "dags" / "maintain" / "maintain_freshness.py"), only_if_updated=False
    )
    return house.bag.dags["maintain_freshness"]


def test_deadline_that_is_no_number_is_one_sentence(
    airflow_here: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from include.orchestration import defaults

    monkeypatch.setenv("CRM_DEADLINE_HOURS", "soon")
    with pytest.raises(ConfigError, match="CRM_DEADLINE_HOURS is no number of hours"):
        defaults.deadline()


@pytest.mark.slow
def test_make_run_ends_a_dag_that_has_a_deadline(deadlines: Any) -> None:
    from include.orchestration.launch.run import run_dag

    assert deadlines.deadline
    assert run_dag(deadlines, {}).is_success


@pytest.mark.slow
def test_a_run_past_its_deadline_is_told_the_way_an_executor_does_it(
    house: House, deadlines: Any, chat: Sink
) -> None:
    import structlog
    from airflow.models.deadline import Deadline
    from airflow.sdk.execution_time.callback_supervisor import execute_callback
    from airflow.utils.session import create_session
    from sqlalchemy import select

    queue(house.bag, deadlines.dag_id)
    with create_session() as session:
        deadline = session.scalars(select(Deadline)).one()
        deadline.handle_miss(session)
        data = deadline.callback.data
    is_done, error = execute_callback(data["path"], data["kwargs"], "", None, structlog.get_logger())
    assert (is_done, error) == (True, None)
    (text,) = texts(chat)
    assert "The run of maintain_freshness queued at 20" in text
    assert "/dags/maintain_freshness/runs/late" in text


def queue(bag: DagBag, dag_id: str) -> None:
    """Queue a run of a DAG as the scheduler does, from what the DAG processor wrote."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import sync_bag_to_db
    from airflow.models.serialized_dag import SerializedDagModel
    from airflow.utils.session import create_session
    from airflow.utils.state import DagRunState
    from airflow.utils.types import DagRunTriggeredByType, DagRunType

    now = datetime.now(UTC)
    with create_session() as session:
        DagBundlesManager().sync_bundles_to_db(session=session)
    sync_bag_to_db(bag, "dags-folder", None)
    with create_session() as session:
        known = SerializedDagModel.get_dag(dag_id, session=session)
        known.create_dagrun(
            run_id="late",
            logical_date=now,
            data_interval=(now, now),
            run_after=now,
            run_type=DagRunType.MANUAL,
            triggered_by=DagRunTriggeredByType.TEST,
            state=DagRunState.QUEUED,
            session=session,
        )
