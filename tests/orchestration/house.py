"""One installation in the test process: its channels, its warehouse, and its DAGs, run to the end one at a time."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from sqlalchemy import Engine, select, text

from include.demo_store.running import RunningStore

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag
    from airflow.models.dagrun import DagRun

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One DAG run, over.

    Attributes:
        states: state of every task, mapped ones by `task_id[map_index]`.
        tries: how often each was tried.
        events: asset events by the asset's name.
        results: everything the tasks left in Airflow's database (XCom), by task and key.
        sentences: what the failed tasks had to say.
        notices: what else there was to know.
        titles: what the UI calls the mapped tasks.
    """

    run_id: str
    state: str
    states: dict[str, str]
    tries: dict[str, int]
    events: Counter[str]
    results: dict[str, dict[str, Any]]
    sentences: tuple[str, ...]
    notices: tuple[str, ...]
    titles: dict[str, str]


class House:
    """Channels, warehouse and DAGs."""

    def __init__(self, bag: DagBag, engine: Engine, folder: Path, patched: pytest.MonkeyPatch) -> None:
        self.bag, self.engine, self.folder, self._patched = bag, engine, folder, patched
        (folder / "channels").mkdir()
        url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        patched.setenv("AIRFLOW_CONN_CRM_WAREHOUSE", url)
        patched.setenv("CRM_CHANNELS_DIR", str(folder / "channels"))
        patched.setenv("CRM_STAGING_URL", f"file://{folder}/staging")
        patched.setenv("CRM_EXPORT_URL", f"file://{folder}/exports")

    def channel(self, code: str, store: RunningStore, *, key: str | None = None, **settings: Any) -> None:
        """Add a channel and the connection to its store."""
        known = {
            "code": code,
            "name": f"Shop {code}",
            "kind": "magento1",
            "connection_id": f"magento_{code}",
            "timezone": "Europe/Berlin",
            "reporting_currency": "EUR",
        }
        (self.folder / "channels" / f"{code}.yml").write_text(yaml.safe_dump(known | settings))
        connection = {
            "conn_type": "magento",
            "host": store.url,
            "login": store.user,
            "password": key or store.key,
        }
        self._patched.setenv(f"AIRFLOW_CONN_MAGENTO_{code.upper()}", json.dumps(connection))

    def run(self, dag_id: str, *, as_type: str = "manual", again: Run | None = None, **answers: Any) -> Run:
        """Run a DAG to its end.

        Args:
            dag_id: which.
            as_type: who starts it: a person, the scheduler (`scheduled`), or a `backfill`.
            again: clear this run of the DAG and run it once more, under the same run id.
            **answers: what the person fills into the form; `from_` is `from`.
        """
        from airflow.models import dagrun

        from include.orchestration.failures import noticed, said

        said.clear()
        noticed.clear()
        # Read anew, since Airflow keeps a run's answers in the DAG itself; each run has a process of its own otherwise.
        self.bag.process_file(  # type: ignore[no-untyped-call]
            self.bag.dags[dag_id].fileloc, only_if_updated=False
        )
        at = datetime.fromisoformat(again.run_id.partition("__")[2]) if again else datetime.now(UTC)
        conf = {name.rstrip("_"): value for name, value in answers.items()}
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(dagrun, "get_or_create_dagrun", _of_type(as_type, dagrun.get_or_create_dagrun))
            done = self.bag.dags[dag_id].test(logical_date=at, run_after=at, run_conf=conf)
        return _told(done, tuple(dict.fromkeys(said)), tuple(noticed))

    def sync(self, *entities: str, **answers: Any) -> list[Run]:
        """Run the sync DAGs of these entities."""
        return [self.run(f"sync_{entity}", **answers) for entity in entities]

    def rows(self, statement: str, **values: Any) -> Sequence[Any]:
        """What the warehouse answers."""
        with self.engine.connect() as connection:
            return connection.execute(text(statement), values).all()

    def ids(self, table: str, column: str, channel: str) -> set[int]:
        """Magento's ids of the rows of a channel."""
        statement = f"select {column} from crm.{table} where channel_code = :channel and deleted_at is null"  # noqa: S608
        return {row[0] for row in self.rows(statement, channel=channel)}

    def execute(self, statement: str) -> None:
        """Change the warehouse as its administrator would."""
        with self.engine.begin() as connection:
            connection.execute(text(statement))


def _of_type(run_type: str, create: Any) -> Any:
    def create_of_type(**arguments: Any) -> DagRun:
        run: DagRun = create(**arguments)
        run.run_type = run_type
        arguments["session"].commit()
        return run

    return create_of_type


def _told(done: Any, sentences: tuple[str, ...], notices: tuple[str, ...]) -> Run:
    from airflow.models.asset import AssetEvent
    from airflow.models.taskinstance import TaskInstance
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session

    mine = {"dag_id": done.dag_id, "run_id": done.run_id}
    with create_session() as session:
        tasks = session.scalars(select(TaskInstance).filter_by(**mine)).all()
        results = session.scalars(select(XComModel).filter_by(**mine)).all()
        of_run = select(AssetEvent).filter_by(source_dag_id=done.dag_id, source_run_id=done.run_id)
        return Run(
            run_id=done.run_id,
            state=str(getattr(done.state, "value", done.state)),
            states={_name(task): str(getattr(task.state, "value", task.state)) for task in tasks},
            tries={_name(task): task.try_number for task in tasks},
            events=Counter(event.asset.name for event in session.scalars(of_run)),
            results=_by_task(results),
            sentences=sentences,
            notices=notices,
            titles={_name(task): task.rendered_map_index for task in tasks if task.rendered_map_index},
        )


def _by_task(results: Sequence[Any]) -> dict[str, dict[str, Any]]:
    by_task: dict[str, dict[str, Any]] = {}
    for result in results:
        value = json.loads(result.value) if isinstance(result.value, str) else result.value
        by_task.setdefault(_name(result), {})[result.key] = value
    return by_task


def _name(task: Any) -> str:
    return task.task_id if task.map_index < 0 else f"{task.task_id}[{task.map_index}]"
