"""The sync verbs as Airflow tasks: plan, then extract, validate and upsert per batch of windows, then publish.

Only window numbers travel between tasks; rows wait in the staging root, progress in the ledger, which is why a
cleared or retried task goes on where it stopped.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypedDict

from airflow.sdk import get_current_context, task, task_group
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from sqlalchemy import Engine

from include.channels.loading import get_channel
from include.channels.model import Channel
from include.entities.catalogue import ENTITY_NAMES
from include.entities.catalogue import entity as entity_named
from include.errors import ConfigError, SyncError
from include.orchestration import resources
from include.orchestration.failures import said, spoken
from include.settings import Settings
from include.sync.batch import Batch
from include.sync.plan import Planner, Request, check_websites, is_due, register
from include.sync.run_report import outcome_of
from include.sync.window import batches

log = logging.getLogger(__name__)

WINDOWS_PER_BATCH = 10
"""About a minute's work: a task costs one to two seconds before it does anything."""
FAILURES = "failures"


class BatchOfWindows(TypedDict):
    """What one mapped task group works through; small, since it travels through Airflow's database."""

    channel: str
    entity: str
    windows: list[int]


@task
def plan(entity_name: str) -> list[BatchOfWindows]:
    """Decide which windows to read, for every channel that is due; a broken channel harms no other."""
    planned: list[BatchOfWindows] = []
    failures: list[SyncError] = []
    with spoken(), resources.open_warehouse() as engine:
        for channel in _chosen(entity_name, engine, failures):
            try:
                planned += _plan_channel(entity_name, channel, engine)
            except SyncError as error:
                log.error("plan channel=%s entity=%s: %s", channel.code, entity_name, error.summary)
                failures.append(error)
        if failures and not planned:
            raise failures[0]
    get_current_context()["ti"].xcom_push(key=FAILURES, value=[error.summary for error in failures])
    return planned


def _chosen(entity_name: str, engine: Engine, failures: list[SyncError]) -> Iterator[Channel]:
    """The channel asked for, else every active one that is due."""
    found = resources.channels()
    failures += [ConfigError(refusal.sentence) for refusal in found.refused]
    asked = _params().get("channel")
    if asked:
        yield get_channel(Settings.from_environment().channels_dir, asked, ENTITY_NAMES)
        return
    now = datetime.now(UTC)
    for channel in found.channels:
        wanted = channel.active and entity_name in channel.entities
        if wanted and (_is_by_hand() or is_due(engine, channel, entity_named(entity_name), now)):
            yield channel


def _plan_channel(entity_name: str, channel: Channel, engine: Engine) -> list[BatchOfWindows]:
    entity, now = entity_named(entity_name), datetime.now(UTC)
    register(engine, channel, now)
    with resources.open_store(channel, engine) as door:
        missing = door.delivers(entity.reading[channel.kind])
        if missing:
            log.warning("plan channel=%s entity=%s skipped: %s", channel.code, entity_name, missing)
            return []
        check_websites(channel, door.report())
        planner = Planner(
            engine=engine, door=door, channel=channel, entity=entity, run_id=_run_id(), now=now
        )
        windows = planner.plan(_request())
    log.info("plan channel=%s entity=%s windows=%s", channel.code, entity_name, len(windows))
    return [
        BatchOfWindows(channel=channel.code, entity=entity_name, windows=some)
        for some in batches(windows, per_batch=WINDOWS_PER_BATCH)
    ]


def _params() -> dict[str, Any]:
    return dict(get_current_context()["params"])


def _is_by_hand() -> bool:
    """A person who starts a run means now, whatever a channel's schedule says."""
    return str(get_current_context()["dag_run"].run_type) == "manual"


def _run_id() -> str:
    return str(get_current_context()["run_id"])


def _request() -> Request:
    """The form's answers; without any, what is due."""
    params = _params()
    low, high = (_instant(params.get(name), name) for name in ("from", "to"))
    if high and not low:
        raise ConfigError("`to` was given without `from`: give both, or neither.")
    return Request(low_at=low, high_at=high, is_full_resync=bool(params.get("full_resync")))


def _instant(value: str | None, name: str) -> datetime | None:
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise ConfigError(f"`{name}` is no instant: write it like 2026-11-01T00:00:00Z.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Work:
    batch: Batch
    channel: Channel
    engine: Engine


@contextmanager
def _work(batch: BatchOfWindows) -> Iterator[_Work]:
    """The batch with everything it needs, named in the UI by channel and windows."""
    numbers = batch["windows"]
    title = f"{batch['channel']}: windows {numbers[0]} to {numbers[-1]}" if numbers else batch["channel"]
    get_current_context()["batch_title"] = title  # type: ignore[typeddict-unknown-key]
    with spoken(), ExitStack() as stack:
        engine = stack.enter_context(resources.open_warehouse())
        channel = get_channel(Settings.from_environment().channels_dir, batch["channel"], ENTITY_NAMES)
        yield _Work(
            Batch(
                engine=engine,
                channel=channel,
                entity=entity_named(batch["entity"]),
                window_ids=numbers,
                root=resources.staging_root(),
            ),
            channel,
            engine,
        )


@task(map_index_template="{{ batch_title }}")
def extract(batch: BatchOfWindows) -> BatchOfWindows:
    """Read each window from the store into staged parts."""
    # Imported here: the road to pyarrow, which a DAG file must not take.
    from include.sync.extract import Extraction, mapping_of

    with _work(batch) as work, resources.open_store(work.channel, work.engine) as door:
        mapping = mapping_of(work.channel, door.report(), resources.identity(work.engine))
        extraction = Extraction(
            entity=work.batch.entity, door=door, mapping=mapping, root=work.batch.root, engine=work.engine
        )
        work.batch.extract(extraction)
    return batch


@task(map_index_template="{{ batch_title }}", trigger_rule="all_done")
def validate(batch: BatchOfWindows) -> None:
    """Check the staged windows of the batch, also when a window of it could not be read."""
    with _work(batch) as work:
        work.batch.validate()


@task(map_index_template="{{ batch_title }}", trigger_rule="all_done")
def upsert(batch: BatchOfWindows) -> None:
    """Load the checked windows of the batch, each in a transaction of its own."""
    with _work(batch) as work:
        work.batch.upsert()


@task_group
def load(batch: BatchOfWindows) -> None:
    """One batch of windows: extract, validate, upsert."""
    extract(batch) >> validate(batch) >> upsert(batch)


@task(trigger_rule="all_done")
def publish(entity_name: str) -> int:
    """Tell the DAGs that feed on these tables, once, and only if rows changed."""
    with spoken(), resources.open_warehouse() as engine, engine.connect() as connection:
        outcome = outcome_of(connection, _run_id(), entity_name)
    log.info(
        "publish entity=%s windows=%s read=%s changed=%s", entity_name, outcome.windows, outcome.read_count, outcome.changed
    )
    if not outcome.changed:
        raise AirflowSkipException("No rows changed.")
    return outcome.changed


@task(trigger_rule="all_done", retries=0)
def verdict(entity_name: str) -> None:
    """Keep the run red when a window or a channel failed: `publish` alone would turn it green."""
    failures = get_current_context()["ti"].xcom_pull(task_ids="plan", key=FAILURES) or []
    with spoken(), resources.open_warehouse() as engine, engine.connect() as connection:
        outcome = outcome_of(connection, _run_id(), entity_name)
    if outcome.left_over:
        failures = [outcome.error or "A task was interrupted: see its log.", *failures]
        summary = f"{outcome.left_over} of {outcome.windows} windows are not loaded; the next run takes them up."
        raise AirflowFailException(f"{summary} {failures[0]}")
    if failures:
        said.extend(failures)
        raise AirflowFailException(" ".join(failures))


