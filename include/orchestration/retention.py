"""Retention as Airflow tasks: old rows and old files, each counted in the log."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from airflow.sdk import Param, get_current_context, task
from sqlalchemy import Engine, text

from include.entities.catalogue import ENTITY_NAMES
from include.orchestration import resources
from include.orchestration.failures import spoken
from include.retention.limits import Limits
from include.settings import Settings

log = logging.getLogger(__name__)

FOLDERS_OF_LOGS = ("airflow/logs", "logs")
"""Below the data folder; an Airflow that is deployed elsewhere cleans up its own."""


def retention_params() -> dict[str, Param]:
    """The form: nothing to say but to try it out."""
    return {
        "dry_run": Param(
            False,
            type="boolean",
            title="Dry run",
            description="Only count what would go; see the tasks' logs.",
        )
    }


def _is_dry() -> bool:
    return bool(get_current_context()["params"].get("dry_run"))


@task
def prune_rows() -> None:
    """Delete old rows of the ledger, the checks, the quarantine and the affected keys."""
    from include.retention.rows import prune_rows as prune

    before, is_dry = _before(), _is_dry()
    with spoken(), resources.open_warehouse() as engine:
        _tell("rows", prune(engine, before, is_dry=is_dry), is_dry=is_dry)


@task
def prune_files() -> None:
    """Delete old raw and staged records, logs, pages that belong to nothing, and what is left of broken exports."""
    before, is_dry = _before(), _is_dry()
    with spoken(), resources.open_warehouse() as engine:
        counts = _prune_staged(engine) if not is_dry else {}
        counts |= _prune_around(engine, before["logs"], is_dry=is_dry)
        counts["segment files that nobody renews"] = _prune_left_over(engine, is_dry=is_dry)
        _tell("files", counts, is_dry=is_dry)


def _before() -> dict[str, datetime]:
    with spoken():
        return Limits.from_environment().before(datetime.now(UTC))


def _prune_staged(engine: Engine) -> dict[str, int]:
    """Folders of attempts, and segment files that held somebody who was erased; their own rules say when."""
    from include.privacy.exports import delete_exports_of_erased
    from include.sync.retention import prune, prune_strangers

    root, now, found = resources.staging_root(), datetime.now(UTC), resources.channels()
    counts = {f"staged of {one.code}": prune(root, one, now, engine) for one in found.channels}
    # The folders of a refused channel wait until its file says for how long.
    known = {one.code for one in found.channels} | {one.code for one in found.refused if one.code}
    if all(one.code for one in found.refused):
        counts["staged of no channel"] = prune_strangers(root, known, now, engine)
    counts["exports of erased people"] = delete_exports_of_erased(engine, resources.export_root(), now)
    return counts


def _prune_left_over(engine: Engine, *, is_dry: bool) -> int:
    from include.segments.leftovers import delete_left_over, left_over
    from include.segments.loading import load_segments

    now = datetime.now(UTC)
    rows = left_over(engine, load_segments(), now)
    if not is_dry:
        delete_left_over(engine, resources.export_root(), rows, now)
    return len(rows)


def _prune_around(engine: Engine, before: datetime, *, is_dry: bool) -> dict[str, int]:
    from include.retention.files import prune_logs, prune_pages, prune_partials

    now, data = datetime.now(UTC), Settings.from_environment().data_dir
    with engine.connect() as connection:
        codes = set(connection.execute(text("select channel_code from ops.channels")).scalars())
    pages = resources.data_docs_root()
    return {
        "logs": sum(prune_logs(data / folder, before, is_dry=is_dry) for folder in FOLDERS_OF_LOGS),
        "pages of checks": prune_pages(pages, codes, ENTITY_NAMES, is_dry=is_dry),
        "unfinished exports": prune_partials(resources.export_root(), now, is_dry=is_dry),
    }


def _tell(what: str, counts: Mapping[str, int], *, is_dry: bool) -> None:
    for name, count in counts.items():
        log.info("retention %s=%s count=%s dry_run=%s", what, name.replace(" ", "_"), count, is_dry)
