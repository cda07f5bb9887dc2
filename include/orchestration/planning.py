"""What the task `plan` does: which channels are read, what of them, and what is said of those that are not.

Each channel is planned on its own: whatever goes wrong with one, the others are read all the same.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import get_current_context
from sqlalchemy import Engine

from include.channels.loading import get_active_channel
from include.channels.model import DEFAULT_INTERVAL, DEFAULT_INTERVALS, Channel
from include.entities.catalogue import ENTITY_NAMES
from include.entities.catalogue import entity as entity_named
from include.errors import ConfigError, SyncError
from include.orchestration import resources
from include.orchestration.failures import as_sentence, naming, noticed
from include.settings import Settings
from include.sync import request as asked_for
from include.sync.channel_checks import check_websites
from include.sync.plan import Planner, is_due
from include.sync.probe import is_probed
from include.sync.registered import register
from include.sync.request import Request
from include.sync.run_lock import InProgressError
from include.sync.skipped import note_delivered, skip
from include.sync.store_map import note_websites

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Planned:
    """What a run is going to do.

    Attributes:
        windows: numbers of the windows to read, by channel.
        skipped: number of the window that says so, and the reason, by channel whose store cannot deliver the entity.
        failures: why channels could not be planned.
    """

    windows: dict[str, list[int]] = field(default_factory=dict)
    skipped: dict[str, tuple[int, str]] = field(default_factory=dict)
    failures: list[SyncError] = field(default_factory=list)


def plan_channels(entity_name: str, engine: Engine) -> Planned:
    """Plan every channel that is due, or the one that is asked for.

    Raises:
        ConfigError: what is asked for cannot be meant.
    """
    planned, request = Planned(), _request(entity_name)
    for channel in _chosen(entity_name, engine, planned.failures):
        try:
            with naming(channel.code):
                _plan_channel(entity_name, channel, request, engine, planned)
        except Exception as error:  # noqa: BLE001 - told in the end: one channel's trouble is not the others'
            if isinstance(error, InProgressError) and not _is_by_hand():
                log.info("plan entity=%s: %s", entity_name, error.summary)
                continue
            sentence = as_sentence(error, f"Channel {channel.code}")
            log.error("plan entity=%s: %s", entity_name, sentence.summary)
            planned.failures.append(sentence)
    return planned


def _chosen(entity_name: str, engine: Engine, failures: list[SyncError]) -> Iterator[Channel]:
    """The channel asked for, else every active one that is due."""
    asked = params().get("channel")
    if asked:
        yield from _asked(asked, entity_name, engine)
        return
    found = resources.channels()
    failures += [ConfigError(refusal.sentence) for refusal in found.refused]
    now = datetime.now(UTC)
    for channel in found.channels:
        register(engine, channel, now)  # due or not, active or not: reports go by what the files say now
        wanted = channel.active and entity_name in channel.entities
        if wanted and (_is_by_hand() or is_due(engine, channel, entity_named(entity_name), now, run_id())):
            yield channel


def _asked(code: str, entity_name: str, engine: Engine) -> Iterator[Channel]:
    """The channel that a person names; nothing where its file leaves the entity out."""
    channel = get_active_channel(Settings.from_environment().channels_dir, code, ENTITY_NAMES)
    if entity_name in channel.entities:
        register(engine, channel, datetime.now(UTC))
        yield channel
    else:
        log.warning("plan channel=%s entity=%s skipped: its file does not list the entity", code, entity_name)


def _plan_channel(
    entity_name: str, channel: Channel, request: Request, engine: Engine, planned: Planned
) -> None:
    # Imported here: the road to pyarrow, which a DAG file must not take.
    from include.sync.retention import prune

    entity, now = entity_named(entity_name), datetime.now(UTC)
    prune(resources.staging_root(), channel, now, engine)
    with resources.open_store(channel, engine) as door:
        reason, probed = door.delivers(entity.reading[channel.kind]), is_probed(door, channel, entity)
        if reason and not probed:
            log.warning("plan channel=%s entity=%s skipped: %s", channel.code, entity_name, reason)
            noticed.append(f"{channel.code}: {entity_name} skipped: {reason}")
            number = skip(engine, channel.code, entity, reason, run_id=run_id(), now=now)
            planned.skipped[channel.code] = (number, reason)
            return
        note_delivered(engine, channel.code, entity)
        report = door.report()
        note_websites(engine, channel.code, report.stores)
        check_websites(channel, report)
        planner = Planner(
            engine=engine,
            door=door,
            channel=channel,
            entity=entity,
            run_id=run_id(),
            now=now,
            is_probed=probed,
        )
        windows = planned.windows[channel.code] = planner.plan(request)
    log.info("plan channel=%s entity=%s windows=%s", channel.code, entity_name, len(windows))


def params() -> dict[str, Any]:
    """The answers of the form."""
    return dict(get_current_context()["params"])


def is_dry_run() -> bool:
    """Whether a person only asks what would change."""
    return bool(params().get("dry_run"))


def run_id() -> str:
    """The run that this task belongs to."""
    return str(get_current_context()["run_id"])


def _is_by_hand() -> bool:
    """A person who starts a run or a backfill means now, whatever a channel's schedule says."""
    return _run_type() in ("manual", "backfill")


def _run_type() -> str:
    """An enumeration where a scheduler made the run, its bare value where `dag.test()` did."""
    run_type = get_current_context()["dag_run"].run_type
    return str(getattr(run_type, "value", run_type))


def _request(entity_name: str) -> Request:
    """The form's answers; without any, what is due, or what changed in the interval of a backfill's run."""
    answers = params()
    request = Request(
        low_at=asked_for.instant(answers.get("from"), "from"),
        high_at=asked_for.instant(answers.get("to"), "to"),
        is_full_resync=bool(answers.get("full_resync")),
        ids=asked_for.ids(answers.get("ids")),
        numbers=asked_for.numbers(answers.get("number")),
        is_dry_run=is_dry_run(),
    )
    if request.names_records and not answers.get("channel"):
        raise ConfigError("`ids` and `number` name records of one store: give `channel` as well.")
    if _run_type() == "backfill" and request == Request(is_dry_run=request.is_dry_run):
        low, high = _interval(entity_name)
        return Request(low_at=low, high_at=high, is_dry_run=request.is_dry_run)
    return request


def _interval(entity_name: str) -> tuple[datetime, datetime]:
    """What a run of a backfill stands for: the time between two runs of the schedule, which ends at its date.

    A cron schedule gives its runs an instant and no interval, unless Airflow is told to (create_cron_data_intervals).
    """
    context = get_current_context()
    low, high = context.get("data_interval_start"), context.get("data_interval_end")
    if low is None or high is None:
        raise ConfigError("This run of a backfill has no date: give `from` and `to` in its configuration.")
    return (low, high) if low < high else (high - DEFAULT_INTERVALS.get(entity_name, DEFAULT_INTERVAL), high)
