"""The verb segment as Airflow tasks: every folder of sql/segments, its members, its files, and where they go."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime

from airflow.sdk import get_current_context, task, task_group

from include.errors import ConfigError
from include.orchestration import lineage, resources
from include.orchestration.failures import spoken

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
    """Bring the members of one segment up to date; who enters and who leaves is kept."""
    from include.segments.loading import get_segment
    from include.segments.refresh import refresh_segment

    context = get_current_context()
    context["segment_name"] = name  # type: ignore[typeddict-unknown-key]
    is_full = bool(context["params"].get("full"))
    with spoken(), resources.open_warehouse() as engine:
        wanted = get_segment(name)
        lineage.reads_tables(engine, wanted.contract.input_tables)
        lineage.writes_tables(engine, [wanted.table.full_name])
        outcome = refresh_segment(engine, wanted, now=datetime.now(UTC), full=is_full)
    log.info(
        "segment=%s members=%s entered=%s left=%s",
        name,
        outcome.member_count,
        outcome.entered_count,
        outcome.left_count,
    )


@task(map_index_template="{{ segment_name }}")
def export(name: str) -> list[str]:
    """Write the members to files, unless there are far more or fewer than expected: then a person is asked."""
    return export_files(name, can_ask=not os.environ.get(NOBODY_ANSWERS))


def export_files(name: str, *, can_ask: bool) -> list[str]:
    """Write what is new of a segment; the title of the task is its name.

    Args:
        name: of the segment.
        can_ask: whether a segment of an unexpected size waits for an answer; without one to give it, it fails.

    Returns:
        Names of the full files that say what is true now, one per channel and profile; none of a segment that is held
        back.
    """
    from include.approvals.exporting import export_or_hold
    from include.approvals.turns import alone
    from include.segments.export import Exporter
    from include.segments.loading import get_segment

    get_current_context()["segment_name"] = name  # type: ignore[typeddict-unknown-key]
    with spoken(), resources.open_warehouse() as engine:
        wanted = get_segment(name)
        root = resources.export_root()
        lineage.reads_tables(engine, [wanted.table.full_name])
        lineage.writes_files(str(root / name))
        exporter = Exporter(engine=engine, root=root, keys=resources.identity(engine))
        with alone(engine, name):
            exports = export_or_hold(exporter, wanted, now=datetime.now(UTC), can_ask=can_ask)
    for one in exports or ():
        log.info(
            "export segment=%s profile=%s channel=%s new=%s rows=%s file=%s",
            name,
            one.profile,
            one.channel_code,
            one.is_new,
            one.row_count,
            one.file,
        )
    if exports is None:
        log.warning("export segment=%s is held back for its size: see marketing.approvals", name)
    return [one.files[0].name for one in exports or ()]


@task(map_index_template="{{ segment_name }}")
def send(name: str, exported: list[str]) -> None:
    """Bring the new files to where the segment says, each once."""
    send_files(name, exported)


def send_files(name: str, exported: list[str]) -> None:
    """Deliver what was not delivered yet of what `export_files` returned: older files may hold who said no since."""
    from include.approvals.turns import alone
    from include.delivery.sending import Sender
    from include.segments.loading import get_segment

    get_current_context()["segment_name"] = name  # type: ignore[typeddict-unknown-key]
    with spoken(), resources.open_warehouse() as engine:
        root = resources.export_root()
        sender = Sender(engine=engine, root=root, open_place=resources.delivery_place, clock=_now)
        with alone(engine, name):
            sent = sender.send(get_segment(name), exported)
    for destination, delivered in sent.items():
        log.info(
            "send segment=%s destination=%s files=%s bytes=%s",
            name,
            destination,
            delivered.file_count,
            delivered.byte_count,
        )


def _now() -> datetime:
    return datetime.now(UTC)


@task_group
def deliver(name: str) -> None:
    """One segment: its members, then its files, then where they go."""
    exported = export(name)
    segment(name) >> exported
    send(name, exported)  # type: ignore[arg-type]


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
