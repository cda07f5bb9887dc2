"""The sync verbs as Airflow tasks: plan, then extract, validate and upsert per batch of windows, then publish.

Only window numbers travel between tasks; rows wait in the staging root, progress in the ledger, which is why a
cleared or retried task goes on where it stopped.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, NotRequired, TypedDict

from airflow.sdk import get_current_context, task, task_group
from airflow.sdk.exceptions import AirflowException, AirflowSkipException
from sqlalchemy import Engine

from include.channels.loading import get_channel
from include.channels.model import Channel
from include.entities.catalogue import ENTITY_NAMES
from include.entities.catalogue import entity as entity_named
from include.notices.notice import Notice
from include.orchestration import lineage, resources
from include.orchestration.dry_run import tell
from include.orchestration.failures import SaidFailure, fail, naming, note, spoken
from include.orchestration.notify import channel_in
from include.orchestration.planning import is_dry_run, plan_channels, run_id
from include.settings import Settings
from include.sync import ledger
from include.sync.run_lock import at_work
from include.sync.run_report import LeftOver, left_over_of, mark_published, outcome_of
from include.sync.store_map import KnownWebsites, noted_websites
from include.sync.window import batches

if TYPE_CHECKING:
    from include.sync.batch import Batch

log = logging.getLogger(__name__)

WINDOWS_PER_BATCH = 10
"""About a minute's work: a task costs one to two seconds before it does anything."""
FAILURES = "failures"
PARENTS = "fetch_parents"
"""Task of those DAGs whose entity has parents."""


class BatchOfWindows(TypedDict):
    """What one mapped task group works through; small, since it travels through Airflow's database."""

    channel: str
    entity: str
    windows: list[int]
    skipped: NotRequired[str]
    """Why the store cannot deliver it: its tasks are skipped, which is where a person sees it."""


@task
def plan(entity_name: str) -> list[BatchOfWindows]:
    """Decide which windows to read, for every channel that is due; a broken channel harms no other."""
    # Imported here: the road to pyarrow, which a DAG file must not take.
    from include.sync.shared_root import note_root

    with _passed_on(), spoken(), resources.open_warehouse() as engine:
        note_root(engine, resources.staging_root())
        planned = plan_channels(entity_name, engine)
    # Passed on before the task may fail: `verdict` tells them either way.
    failures = planned.failures
    _pass_on([error.summary for error in failures])
    if failures and not any(planned.windows.values()):
        fail(failures)
    note(failures)
    return [
        BatchOfWindows(channel=code, entity=entity_name, windows=some)
        for code, some in batches(planned.windows, per_batch=WINDOWS_PER_BATCH)
    ] + [
        BatchOfWindows(channel=code, entity=entity_name, windows=[number], skipped=reason)
        for code, (number, reason) in planned.skipped.items()
    ]


@contextmanager
def _passed_on() -> Iterator[None]:
    """Let `verdict` tell what ended the plan as a whole."""
    try:
        yield
    except AirflowException as error:
        _pass_on([str(error)])
        raise


def _pass_on(sentences: list[str]) -> None:
    get_current_context()["ti"].xcom_push(key=FAILURES, value=sentences)


@dataclass(frozen=True, slots=True)
class _Work:
    batch: Batch
    channel: Channel
    engine: Engine


@contextmanager
def _work(batch: BatchOfWindows) -> Iterator[_Work]:
    """The batch with everything it needs, named in the UI by channel and what its windows are about.

    Raises:
        AirflowSkipException: the store cannot deliver it.
    """
    # Imported here: the road to pyarrow, which a DAG file must not take.
    from include.sync.batch import Batch
    from include.sync.shared_root import assure_shared

    _skip_undeliverable(batch)
    with spoken(), resources.open_warehouse() as engine, naming(batch["channel"]), _at_work(batch, engine):
        assure_shared(engine, resources.staging_root())
        _show(_title(batch, engine))
        channel = get_channel(Settings.from_environment().channels_dir, batch["channel"], ENTITY_NAMES)
        yield _Work(
            Batch(
                engine=engine,
                channel=channel,
                entity=entity_named(batch["entity"]),
                window_ids=batch["windows"],
                root=resources.staging_root(),
                keys=resources.identity(engine),
                run_id=run_id(),
            ),
            channel,
            engine,
        )


def _at_work(batch: BatchOfWindows, engine: Engine) -> AbstractContextManager[None]:
    return at_work(engine, run_id(), batch["channel"], batch["entity"])


def _skip_undeliverable(batch: BatchOfWindows) -> None:
    if reason := batch.get("skipped"):
        _show(f"{batch['channel']}: skipped")
        raise AirflowSkipException(f"Channel {batch['channel']} does not deliver {batch['entity']}: {reason}")


def _show(title: str) -> None:
    """What the list of mapped tasks calls this one."""
    get_current_context()["batch_title"] = title  # type: ignore[typeddict-unknown-key]


def _title(batch: BatchOfWindows, engine: Engine) -> str:
    with engine.connect() as connection:
        first, last = (ledger.load(connection, batch["windows"][place]).title for place in (0, -1))
    return f"{batch['channel']}: {first}" if first == last else f"{batch['channel']}: {first} ... {last}"


@task(map_index_template="{{ batch_title }}")
def extract(batch: BatchOfWindows) -> None:
    """Read each window from the store into staged parts."""
    from include.sync.extract import Extraction
    from include.sync.mapping import Mapping

    with _work(batch) as work, resources.open_store(work.channel, work.engine) as door:
        lineage.reads_store(work.channel, batch["entity"])
        websites = KnownWebsites(noted_websites(work.engine, work.channel.code), door.report)
        mapping = Mapping(channel=work.channel, websites=websites, guests=resources.identity(work.engine))
        extraction = Extraction(
            entity=work.batch.entity, door=door, mapping=mapping, root=work.batch.root, engine=work.engine
        )
        work.batch.extract(extraction)


@task(map_index_template="{{ batch_title }}", trigger_rule="all_done")
def validate(batch: BatchOfWindows) -> None:
    """Check the staged windows of the batch, also when a window of it could not be read; the page of checks follows."""
    # Imported here: the road to pyarrow, and written here: Great Expectations, which renders the page, is at hand.
    from include.sync.data_docs import write_data_docs

    with _work(batch) as work, ExitStack() as stack:
        page = partial(write_data_docs, work.engine, resources.data_docs_root(), entity=work.batch.entity)
        stack.callback(page, channel_code=work.channel.code, run_id=run_id(), now=datetime.now(UTC))
        work.batch.validate()


@task(map_index_template="{{ batch_title }}", trigger_rule="all_done")
def upsert(batch: BatchOfWindows) -> None:
    """Load the checked windows of the batch, each in a transaction of its own."""
    with _work(batch) as work:
        lineage.reads_store(work.channel, batch["entity"])
        lineage.writes_tables(work.engine, (f"crm.{table.name}" for table in work.batch.entity.tables))
        work.batch.upsert()


@task_group
def load(batch: BatchOfWindows) -> None:
    """One batch of windows: extract, validate, upsert."""
    extract(batch) >> validate(batch) >> upsert(batch)


@task(trigger_rule="all_done")
def publish(entity_name: str) -> int:
    """Tell the DAGs that feed on these tables, once, and only if rows changed since they were last told."""
    with spoken(), resources.open_warehouse() as engine, engine.begin() as connection:
        outcome = outcome_of(connection, run_id(), entity_name)
        if is_dry_run():
            tell(connection, run_id(), entity_name)
            raise AirflowSkipException("A dry run changes nothing: its log says what would change.")
        changed = mark_published(connection, entity_name)
    log.info(
        "publish entity=%s windows=%s read=%s changed=%s",
        entity_name,
        outcome.windows,
        outcome.read_count,
        changed,
    )
    if not changed:
        raise AirflowSkipException("No rows changed.")
    return changed


@task(trigger_rule="all_done", retries=0)
def verdict(entity_name: str) -> None:
    """Keep the run red when a window or a channel failed: `publish` alone would turn it green."""
    sentences = _failures()
    with spoken(), resources.open_warehouse() as engine, engine.connect() as connection:
        left_over = left_over_of(connection, run_id(), entity_name)
    notices = [_notice(sentence, entity_name) for sentence in sentences]
    notices += [_notice(_left_over(one), entity_name, one.channel_code) for one in left_over]
    if notices:
        raise SaidFailure(" ".join(notice.sentence for notice in notices), notices)


def _failures() -> list[str]:
    """What `plan` and `fetch_parents` had to say, or that one of them was cut off before it could say anything."""
    context = get_current_context()
    ti = context["ti"]
    pushed = {name: ti.xcom_pull(task_ids=name, key=FAILURES) for name in ("plan", PARENTS)}
    sentences = [said for some in pushed.values() for said in some or []]
    if not sentences and ti.xcom_pull(task_ids="plan") is None:
        sentences.append("Nothing could be planned: the log of the task plan says why.")
    if pushed[PARENTS] is None and PARENTS in context["dag"].task_ids and not is_dry_run():
        sentences.append(f"Missing parents could not be fetched: the log of the task {PARENTS} says why.")
    return sentences


def _notice(sentence: str, entity_name: str, channel_code: str | None = None) -> Notice:
    return Notice(
        subject=f"sync_{entity_name}",
        sentence=sentence,
        channel_code=channel_code or channel_in(sentence),
        entity=entity_name,
    )


def _left_over(one: LeftOver) -> str:
    fate = "compared" if is_dry_run() else "loaded; the next run takes them up"
    count = f"{one.left_over} of {one.windows} windows are not {fate}."
    return f"Channel {one.channel_code}: {count} {one.error or 'A task was interrupted: see its log.'}"
