"""Writing back as Airflow tasks: which channels may be written to, and each one's outbox worked off."""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import AbstractContextManager
from functools import partial
from typing import TypedDict

from airflow.sdk import Param, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException
from sqlalchemy import Engine

from include.channels.loading import get_active_channel
from include.channels.model import Channel
from include.entities.catalogue import ENTITY_NAMES
from include.errors import SyncError
from include.orchestration import resources
from include.orchestration.by_id import opened
from include.orchestration.failures import fail, naming, spoken
from include.settings import Settings

log = logging.getLogger(__name__)


class Writable(TypedDict):
    """A channel whose two_way is on."""

    channel: str


def write_back_params() -> dict[str, Param]:
    """The form; left alone, everything that is ready is sent."""
    return {
        "channel": Param(
            None,
            type=["null", "string"],
            title="Channel",
            description="Code of one channel; empty: all whose two_way is on.",
        ),
        "dry_run": Param(
            False,
            type="boolean",
            title="Dry run",
            description="Tell in the task's log which fields would be written, decided on fresh reads; write nothing.",
        ),
    }


@task
def list_writable() -> list[Writable]:
    """The active channels whose two_way is on; the one the form asks for."""
    asked = get_current_context()["params"].get("channel")
    with spoken():
        found = [_channel(asked)] if asked else [c for c in resources.channels().channels if c.active]
    return [Writable(channel=channel.code) for channel in found if channel.two_way.enabled]


@task(map_index_template="{{ target_title }}")
def send(target: Writable) -> dict[str, int]:
    """Send what is ready, and read again what it was about; entries by the state they came to."""
    code, context = target["channel"], get_current_context()
    context["target_title"] = code  # type: ignore[typeddict-unknown-key]
    with spoken(), naming(code), _warehouse_for(channel := _channel(code)) as engine:
        if context["params"].get("dry_run"):
            return _previewed(channel, engine)
        states = _sent_and_read(channel, engine)
        if not states:
            raise AirflowSkipException(f"Channel {code}: nothing is ready to be sent.")
    log.info("write_back channel=%s %s", code, dict(states))
    return dict(states)


def _warehouse_for(channel: Channel) -> AbstractContextManager[Engine]:
    from include.write_back.working_off import connections_for

    return resources.open_warehouse(connections=connections_for(channel))


def _sent_and_read(channel: Channel, engine: Engine) -> Counter[str]:
    """What was sent, by state; also what an earlier run was too short-lived to read again is read."""
    # Imported here: the road to the SOAP client, which a DAG file must not take.
    from include.write_back.working_off import work_off

    states, failures = Counter[str](), list[SyncError]()

    def work() -> None:
        open_door = partial(resources.open_store, channel, engine)
        sent, _ = work_off(engine, channel, open_door, resources.identity(engine))
        states.update(sent)

    for step in (partial(_read_again, channel, engine), work, partial(_read_again, channel, engine)):
        try:
            with naming(channel.code):
                step()
        except SyncError as failure:
            failures.append(failure)
    if failures:
        fail(failures)
    return states


def _read_again(channel: Channel, engine: Engine) -> None:
    from include.write_back.reading_again import read_again, unread

    if wanted := unread(engine, channel.code):
        with opened(channel, engine) as reader:
            read_again(reader, wanted)


def _channel(code: str) -> Channel:
    return get_active_channel(Settings.from_environment().channels_dir, code, ENTITY_NAMES)


def _previewed(channel: Channel, engine: Engine) -> dict[str, int]:
    from include.write_back.sender import Sender, outbox_of
    from include.write_back.working_off import warehouse_clock

    outbox, now, keys = outbox_of(engine, channel), warehouse_clock(engine), resources.identity(engine)
    with resources.open_store(channel, engine) as door:
        found = Sender(outbox=outbox, channel=channel, door=door, now=now, keys=keys).preview()
    for entry, names in found:
        fields = ", ".join(names) or "nothing"
        log.info("entry=%s kind=%s would write %s", entry.outbox_id, entry.kind, fields)
    return {"looked_at": len(found)}
