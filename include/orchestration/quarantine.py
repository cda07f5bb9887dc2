"""A second look at the records that wait, as an Airflow task: read again, checked again as kept, or dismissed."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from airflow.sdk import Param, get_current_context, task
from sqlalchemy import Engine

from include.channels.loading import get_active_channel, get_channel
from include.entities.catalogue import ENTITY_NAMES
from include.entities.catalogue import entity as entity_named
from include.errors import ConfigError, SyncError
from include.orchestration import resources
from include.orchestration.by_id import opened
from include.orchestration.failures import fail, naming, spoken
from include.orchestration.readers import Changed
from include.settings import Settings
from include.sync.run_report import mark_published
from include.sync.window import WindowKind

if TYPE_CHECKING:
    from include.sync.quarantine import Waiting

log = logging.getLogger(__name__)

READ, CHECK, DISMISS = "read again from the store", "check again as kept", "dismiss"


def quarantine_params() -> dict[str, Param]:
    """The form: which records, and what to do with them."""
    optional: dict[str, Any] = {"type": ["null", "string"]}
    return {
        "action": Param(
            None,
            type=["null", "string"],
            enum=[None, READ, CHECK, DISMISS],
            title="Action",
            description="Read them from the store again (as when left empty), check what was kept of them after a "
            "mapping or a check was mended, or let go of them.",
        ),
        "channel": Param(None, title="Channel", description="Code of one channel; empty: all.", **optional),
        "entity": Param(
            None, title="Entity", description="One entity, such as orders; empty: all.", **optional
        ),
        "records": Param(
            None,
            title="Records",
            description="Keys as in ops.quarantine, such as us:77, parted by commas; empty: all that wait. To dismiss "
            "records, name them.",
            **optional,
        ),
        "reason": Param(
            None,
            title="Reason",
            description="Only to dismiss: why nobody will mend them. It is kept: no names, no addresses.",
            **optional,
        ),
    }


@task
def look_again() -> Changed:
    """Look again at the records that wait and are chosen; those that are healthy load and are let go."""
    from include.sync import quarantine

    params = dict(get_current_context()["params"])
    action = params.get("action") or READ
    with spoken(), resources.open_warehouse() as engine:
        with engine.connect() as connection:
            keys = _words(params.get("records"))
            chosen = quarantine.waiting(connection, params.get("channel"), params.get("entity"), keys or None)
        log.info("quarantine action=%s chosen=%s", action.replace(" ", "_"), len(chosen))
        if action == DISMISS:
            _dismiss(engine, chosen, keys, params.get("reason"))
            return Changed(rows=0)
        changed = _looked_at_all(_read if action == READ else _check, engine, chosen)
        # Only now: where something failed nobody is told, and the next run of the entity's sync DAG tells of the rest.
        with engine.begin() as connection:
            for entity in changed:
                mark_published(connection, entity)  # by the task that follows
    return Changed(rows=sum(changed.values()))


def _looked_at_all(
    look: Callable[[Engine, str, str, list[Waiting]], int], engine: Engine, chosen: Sequence[Waiting]
) -> Counter[str]:
    """How many rows of each entity changed, those without left out; every channel has its turn before one fails."""
    changed, failures = Counter[str](), list[SyncError]()
    for (code, entity), entries in groupby(chosen, key=lambda one: (one.channel_code, one.entity)):
        try:
            with naming(code):
                changed[entity] += _looked(look, engine, code, entity, list(entries))
        except SyncError as error:
            failures.append(error)
    if failures:
        fail(failures)
    return +changed


def _words(answer: str | None) -> list[str]:
    return [word for word in (answer or "").replace(",", " ").split() if word]


def _dismiss(engine: Engine, chosen: Sequence[Waiting], keys: Sequence[str], reason: str | None) -> None:
    from include.sync import quarantine

    if not keys or not (reason or "").strip():
        raise ConfigError("To dismiss records, name them in Records and say why in Reason.")
    with engine.begin() as connection:
        count = quarantine.dismiss(connection, chosen, str(reason).strip())
    log.info("quarantine dismissed=%s", count)


def _looked(
    look: Callable[[Engine, str, str, list[Waiting]], int],
    engine: Engine,
    code: str,
    entity: str,
    entries: list[Waiting],
) -> int:
    from include.sync import quarantine

    rows = look(engine, code, entity, entries)
    with engine.connect() as connection:
        still = quarantine.waiting(connection, code, entity, [entry.record_key for entry in entries])
    log.info(
        "quarantine channel=%s entity=%s waited=%s wait=%s rows=%s",
        code,
        entity,
        len(entries),
        len(still),
        rows,
    )
    return rows


def _read(engine: Engine, code: str, entity: str, entries: list[Waiting]) -> int:
    channel = get_active_channel(Settings.from_environment().channels_dir, code, ENTITY_NAMES)
    declared = entity_named(entity)
    if declared.is_snapshot or not declared.reading[channel.kind].has_ids:
        raise ConfigError(
            f"{declared.title} cannot be asked for one by one: start sync_{entity}, with From and To around the day of "
            "their change where it takes these, or check them again as kept."
        )
    ids = sorted({entry.record_id for entry in entries if entry.record_id is not None}, reverse=True)
    if not ids:
        log.warning("quarantine channel=%s entity=%s: without ids nothing can be asked for", code, entity)
        return 0
    with opened(channel, engine) as reader:
        return reader.read(declared, WindowKind.WAITING, ids)


def _check(engine: Engine, code: str, entity: str, entries: list[Waiting]) -> int:
    # Imported here: the road to pyarrow, which a DAG file must not take.
    from include.sync.by_id import Loader
    from include.sync.kept import Payloads, mapping_of_kept

    kept = [entry.quarantine_id for entry in entries if entry.has_payload]
    channel = get_channel(Settings.from_environment().channels_dir, code, ENTITY_NAMES)
    keys, context = resources.identity(engine), get_current_context()
    mapping = mapping_of_kept(engine, channel, keys)
    loader = Loader(
        engine=engine,
        door=Payloads(engine=engine),
        channel=channel,
        mapping=mapping,
        root=resources.staging_root(),
        run_id=f"{context['dag'].dag_id} {context['run_id']}",
        now=lambda: datetime.now(UTC),
    )
    return loader.read(entity_named(entity), WindowKind.RECHECK, kept) if kept else 0
