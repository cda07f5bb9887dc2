"""The check of freshness as an Airflow task: what has fallen behind its schedule turns the run red and is told."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from airflow.sdk import get_current_context, task

from include.channels.loading import get_channel
from include.channels.model import Channel
from include.entities.catalogue import ENTITY_NAMES
from include.orchestration import resources
from include.orchestration.failures import SaidFailure, spoken
from include.orchestration.notify import tell
from include.settings import Settings

log = logging.getLogger(__name__)


@task(retries=0)
def check_freshness() -> None:
    """Fail with one sentence per channel and entity that is behind; tell which have caught up."""
    from include.notices.freshness import recovered, stale

    now = datetime.now(UTC)
    with spoken(), resources.open_warehouse() as engine, engine.begin() as connection:
        channels = _asked()
        late = stale(connection, channels, now)
        tell(recovered(connection, channels, late, now))
    log.info("freshness channels=%s late=%s", len(channels), len(late))
    if late:
        raise SaidFailure(" ".join(notice.sentence for notice in late), late)


def _asked() -> Sequence[Channel]:
    """The channel that the form asks for, else all."""
    code = get_current_context()["params"].get("channel")
    if code:
        return [get_channel(Settings.from_environment().channels_dir, code, ENTITY_NAMES)]
    return resources.channels().channels
