"""The verb segment as Airflow tasks: every folder of sql/segments, its members first, then its file."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from airflow.sdk import get_current_context, task, task_group

from include.errors import ConfigError
from include.orchestration import lineage, resources
from include.orchestration.failures import spoken

log = logging.getLogger(__name__)


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
def export(name: str) -> None:
    """Write the members to a file with its manifest, for people and tools."""
    from include.identity.guest_keys import guest_keys
    from include.segments.export import Exporter
    from include.segments.loading import get_segment
    from include.settings import Settings

    get_current_context()["segment_name"] = name  # type: ignore[typeddict-unknown-key]
    with spoken(), resources.open_warehouse() as engine:
        wanted = get_segment(name)
        lineage.reads_tables(engine, [wanted.table.full_name])
        lineage.writes_files(str(resources.export_root() / name))
        keys = guest_keys(Settings.from_environment())
        exporter = Exporter(engine=engine, root=resources.export_root(), keys=keys)
        exports = exporter.export(wanted, now=datetime.now(UTC))
    for done in exports:
        log.info("export segment=%s new=%s rows=%s file=%s", name, done.is_new, done.row_count, done.file)


@task_group
def deliver(name: str) -> None:
    """One segment: its members, then its file."""
    segment(name) >> export(name)


@task(retries=0)
def check_segments() -> None:
    """Keep the run red while a folder is refused: its file would grow old in silence."""
    from include.segments.loading import load_segments

    with spoken():
        refused = load_segments().refused
        if refused:
            raise ConfigError(" ".join(refusal.sentence for refusal in refused))
