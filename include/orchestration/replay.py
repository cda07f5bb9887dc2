"""Replaying raw copies as an Airflow task: one channel's entity, all that is kept or some windows of it."""

from __future__ import annotations

import logging
from typing import Any

from airflow.sdk import Param, get_current_context, task

from include.channels.loading import get_channel
from include.entities.catalogue import ENTITY_NAMES
from include.entities.catalogue import entity as entity_named
from include.errors import ConfigError
from include.orchestration import resources
from include.orchestration.failures import spoken
from include.orchestration.readers import Changed
from include.settings import Settings
from include.sync import request
from include.sync.run_report import mark_published

log = logging.getLogger(__name__)


def replay_params() -> dict[str, Param]:
    """The form: what to replay."""
    optional: dict[str, Any] = {"type": ["null", "string"]}
    return {
        "channel": Param(None, title="Channel", description="Code of the channel.", **optional),
        "entity": Param(None, title="Entity", description="The entity, such as orders.", **optional),
        "windows": Param(
            None,
            title="Windows",
            description="Numbers of windows, as in ops.windows, parted by commas; empty: all that are kept.",
            **optional,
        ),
        "from": Param(
            None,
            format="date-time",
            title="From",
            description="Only windows that were read from the store since then (UTC).",
            **optional,
        ),
        "to": Param(
            None,
            format="date-time",
            title="To",
            description="Only windows that were read from the store until then (UTC).",
            **optional,
        ),
    }


@task
def replay() -> Changed:
    """Run what is kept through the mapping, the checks and the merge once more."""
    # Imported here: the road to pyarrow, which a DAG file must not take.
    from include.sync.by_id import Loader
    from include.sync.kept import RawCopies, mapping_of_kept
    from include.sync.replay import replay as replayed

    context = get_current_context()
    with spoken(), resources.open_warehouse() as engine:
        code, name = _asked(context["params"])
        channel = get_channel(Settings.from_environment().channels_dir, code, ENTITY_NAMES)
        keys, root = resources.identity(engine), resources.staging_root()
        mapping = mapping_of_kept(engine, channel, keys)
        copies = RawCopies(engine=engine, root=root, channel=channel, entity=entity_named(name))
        loader = Loader(
            engine=engine,
            door=copies,
            channel=channel,
            mapping=mapping,
            root=root,
            run_id=f"{context['dag'].dag_id} {context['run_id']}",
        )
        rows = replayed(loader, copies, _wanted(context["params"]))
        if rows:
            with engine.begin() as connection:
                mark_published(connection, name)  # by the task that follows
    log.info("replay channel=%s entity=%s rows=%s", code, name, rows)
    return Changed(rows=rows)


def _asked(params: Any) -> tuple[str, str]:
    code, name = params.get("channel"), params.get("entity")
    if not code or name not in ENTITY_NAMES:
        raise ConfigError(
            f"A replay is of one channel's entity: give Channel, and one of {', '.join(ENTITY_NAMES)}."
        )
    return str(code), str(name)


def _numbers(answer: str | None) -> set[int]:
    words = (answer or "").replace(",", " ").split()
    if not all(word.isascii() and word.isdecimal() for word in words):
        raise ConfigError("`windows` holds something that is no number: see window_id in ops.windows.")
    return {int(word) for word in words}


def _wanted(params: Any) -> Any:
    from include.sync.replay import Wanted

    return Wanted(
        windows=_numbers(params.get("windows")),
        low_at=request.instant(params.get("from"), "from"),
        high_at=request.instant(params.get("to"), "to"),
    )
