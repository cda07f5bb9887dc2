"""What goes through every channel's entities apart from any schedule of theirs: sweep and reconciliation, as tasks.

One mapped task per channel and entity does the whole of it, so that Great Expectations is imported once and a store
that fails costs nobody else anything.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from airflow.sdk import get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from include.channels.loading import get_active_channel
from include.channels.model import Channel
from include.entities.catalogue import ENTITY_NAMES
from include.entities.catalogue import entity as entity_named
from include.entities.model import Entity
from include.errors import ConfigError
from include.orchestration import resources
from include.orchestration.by_id import opened
from include.orchestration.failures import naming, spoken
from include.orchestration.sync import FAILURES
from include.settings import Settings
from include.sync.channel_checks import check_websites
from include.sync.run_report import mark_published

if TYPE_CHECKING:
    from include.sync.by_id import ById

log = logging.getLogger(__name__)


class Target(TypedDict):
    """One channel's entity."""

    channel: str
    entity: str


@task
def list_targets(entity_name: str | None = None, *, is_by_id: bool = True) -> list[Target]:
    """The entities of every active channel; the one named, or what the form asks for.

    Args:
        entity_name: only this entity.
        is_by_id: leave those out whose list says no ids.
    """
    params = get_current_context()["params"]
    with spoken():
        entities = _entities(entity_name or params.get("entity"))
        channels, refused = _channels(params.get("channel"))
    get_current_context()["ti"].xcom_push(key=FAILURES, value=refused)
    return [
        Target(channel=channel.code, entity=entity.name)
        for channel in channels
        for entity in entities
        if entity.name in channel.entities and (entity.reading[channel.kind].has_ids or not is_by_id)
    ]


def _entities(asked: str | None) -> list[Entity]:
    """Those read record by record; a snapshot is compared whenever it is read."""
    if asked and asked not in ENTITY_NAMES:
        raise ConfigError(f"There is no entity {asked}: write one of {', '.join(ENTITY_NAMES)}.")
    names = [asked] if asked else ENTITY_NAMES
    return [entity for name in names if not (entity := entity_named(name)).is_snapshot]


def _channels(asked: str | None) -> tuple[list[Channel], list[str]]:
    """The channels, and why others are refused."""
    if asked:
        return [get_active_channel(Settings.from_environment().channels_dir, asked, ENTITY_NAMES)], []
    found = resources.channels()
    return [channel for channel in found.channels if channel.active], [r.sentence for r in found.refused]


@dataclass(frozen=True, slots=True)
class _Work:
    reader: ById
    entity: Entity


@contextmanager
def _work(target: Target) -> Iterator[_Work]:
    """The target's store opened; skipped, with the reason, where it cannot deliver the entity."""
    code, entity = target["channel"], entity_named(target["entity"])
    get_current_context()["target_title"] = f"{code}: {entity.name}"  # type: ignore[typeddict-unknown-key]
    with spoken(), naming(code), resources.open_warehouse() as engine:
        channel = get_active_channel(Settings.from_environment().channels_dir, code, ENTITY_NAMES)
        with opened(channel, engine) as reader:
            if missing := reader.door.delivers(entity.reading[channel.kind]):
                raise AirflowSkipException(f"Channel {code}: {missing}")
            check_websites(channel, reader.door.report())
            yield _Work(reader, entity)


@task(map_index_template="{{ target_title }}")
def sweep(target: Target) -> None:
    """Mark what is gone from the store, read what is missing, undated or different."""
    from include.sync.sweep import Sweep

    allow = bool(get_current_context()["params"].get("allow_deletions"))
    with _work(target) as work:
        Sweep(reader=work.reader, entity=work.entity, allow_deletions=allow).run()


@task(map_index_template="{{ target_title }}")
def reconcile(target: Target) -> None:
    """Compare counts and ids with the store's, name what differs, read it again."""
    from include.sync.reconcile import Reconciliation

    with _work(target) as work:
        Reconciliation(reader=work.reader, entity=work.entity).run()


@task(map_index_template="{{ target_title }}")
def expire(target: Target) -> None:
    """Mark what the store has dropped without a word."""
    from include.sync.expiry import Expiry

    allow = bool(get_current_context()["params"].get("allow_deletions"))
    with _work(target) as work:
        Expiry(reader=work.reader, entity=work.entity, allow_deletions=allow).run()


@task(trigger_rule="all_done")
def publish_all() -> int:
    """Tell the DAGs that feed on any entity's tables, once, and only if rows changed since they were last told."""
    with spoken(), resources.open_warehouse() as engine, engine.begin() as connection:
        changed = sum(mark_published(connection, name) for name in ENTITY_NAMES)
    if not changed:
        raise AirflowSkipException("No rows changed.")
    return changed


@task(trigger_rule="none_failed", retries=0)
def verdict() -> None:
    """Keep the run red when a channel's entity failed, which `publish_all` would hide, or a channel file is refused."""
    refused = get_current_context()["ti"].xcom_pull(task_ids="list_targets", key=FAILURES)
    if refused:
        raise AirflowFailException(" ".join(refused))
