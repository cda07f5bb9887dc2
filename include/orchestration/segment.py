"""The verb segment as Airflow tasks: one per folder of sql/segments, for its members, its files, and where they go."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from airflow.sdk import get_current_context, task

from include.errors import ConfigError
from include.orchestration import lineage, resources
from include.orchestration.failures import spoken

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from include.segments.loading import Segment

log = logging.getLogger(__name__)

NOBODY_ANSWERS = "CRM_NOBODY_ANSWERS"
"""Set where a run has nobody in front of it who could be asked: `make run`, `make erase`."""


@task
def list_segments() -> list[str]:
    """The segments to bring up to date: the one the form asks for, else all whose folder is in order."""
    from include.segments.loading import get_segment, load_segments

    asked = get_current_context()["params"].get("segment")
    with spoken():
        return [get_segment(asked).name] if asked else list(load_segments().segments)


@task(map_index_template="{{ segment_name }}")
def segment(name: str) -> None:
    """Bring one segment up to date: who is in it, the files that changed, and where they go.

    One task, since each costs a second or two; a try that follows a failure finds what is done and goes on from there.
    """
    is_full = bool(get_current_context()["params"].get("full"))
    with working_on(name) as (engine, wanted):
        _refresh(engine, wanted, is_full=is_full)
        export_and_send(engine, wanted, can_ask=not os.environ.get(NOBODY_ANSWERS))


@contextmanager
def working_on(name: str) -> Iterator[tuple[Engine, Segment]]:
    """The warehouse and a segment, for a task whose title is the segment's name; failures are one sentence."""
    from include.segments.loading import get_segment

    get_current_context()["segment_name"] = name  # type: ignore[typeddict-unknown-key]
    with spoken(), resources.open_warehouse() as engine:
        yield engine, get_segment(name)


def export_and_send(engine: Engine, wanted: Segment, *, can_ask: bool) -> None:
    """Write what is new of a segment that was refreshed, and bring it to where its YAML says.

    Only files that were found to be true just now are sent: older ones may hold who said no since.

    Args:
        engine: the warehouse.
        wanted: the segment.
        can_ask: whether one of an unexpected size waits for an answer; without anybody to give it, it fails.

    Raises:
        SyncError: a file could not be written, or a destination did not take it; the others have theirs.
    """
    from include.approvals.turns import alone

    with alone(engine, wanted.name):
        exported = _export(engine, wanted, can_ask=can_ask)
        _send(engine, wanted, exported)


def _refresh(engine: Engine, wanted: Segment, *, is_full: bool) -> None:
    from include.segments.refresh import refresh_segment

    lineage.reads_tables(engine, wanted.contract.input_tables)
    lineage.writes_tables(engine, [wanted.table.full_name])
    outcome = refresh_segment(engine, wanted, now=_now(), full=is_full)
    log.info(
        "segment=%s members=%s entered=%s left=%s",
        wanted.name,
        outcome.member_count,
        outcome.entered_count,
        outcome.left_count,
    )


def _export(engine: Engine, wanted: Segment, *, can_ask: bool) -> list[str]:
    """Names of the full files that say what is true now, one per channel and profile; none of what is held back."""
    from include.approvals.exporting import export_or_hold
    from include.segments.export import Exporter

    root = resources.export_root()
    lineage.reads_tables(engine, [wanted.table.full_name])
    lineage.writes_files(str(root / wanted.name))
    exporter = Exporter(engine=engine, root=root, keys=resources.identity(engine))
    exports = export_or_hold(exporter, wanted, now=_now(), can_ask=can_ask)
    for one in exports or ():
        log.info(
            "export segment=%s profile=%s channel=%s new=%s rows=%s file=%s",
            wanted.name,
            one.profile,
            one.channel_code,
            one.is_new,
            one.row_count,
            one.file,
        )
    if exports is None:
        log.warning("export segment=%s is held back for its size: see marketing.approvals", wanted.name)
    return [one.files[0].name for one in exports or ()]


def _send(engine: Engine, wanted: Segment, exported: list[str]) -> None:
    """Deliver what was not delivered yet of what `_export` returned, each file to each destination once."""
    from include.delivery.sending import Sender

    sender = Sender(
        engine=engine, root=resources.export_root(), open_place=resources.delivery_place, clock=_now
    )
    for destination, delivered in sender.send(wanted, exported).items():
        log.info(
            "send segment=%s destination=%s files=%s bytes=%s",
            wanted.name,
            destination,
            delivered.file_count,
            delivered.byte_count,
        )


def _now() -> datetime:
    return datetime.now(UTC)


@task(retries=0, trigger_rule="none_failed")
def check_files() -> None:
    """Keep the run red when a segment failed: what else follows the segments runs whatever became of them."""


@task(retries=0)
def check_segments() -> None:
    """Keep the run red while a folder is refused: its file would grow old in silence."""
    from include.segments.loading import load_segments

    with spoken():
        refused = load_segments().refused
        if refused:
            raise ConfigError(" ".join(refusal.sentence for refusal in refused))
