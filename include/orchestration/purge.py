"""Purging a channel as an Airflow task: its files, then its rows, then those who feed on them are told."""

from __future__ import annotations

import logging
from typing import Any

from airflow.sdk import Param, get_current_context, task

from include.errors import ConfigError
from include.orchestration import resources
from include.orchestration.failures import spoken
from include.orchestration.readers import Changed

log = logging.getLogger(__name__)


def purge_params() -> dict[str, Param]:
    """The form: which channel, twice, since there is no way back but to load it again."""
    optional: dict[str, Any] = {"type": ["null", "string"]}
    return {
        "channel": Param(
            None, title="Channel", description="Code of the channel; its file must not be active.", **optional
        ),
        "confirmation": Param(
            None,
            title="Confirmation",
            description="The code again: everything of the channel goes.",
            **optional,
        ),
    }


def _named() -> str:
    """The channel that the form names.

    Raises:
        ConfigError: none, or not the same twice.
    """
    params = get_current_context()["params"]
    code, confirmation = params.get("channel"), params.get("confirmation")
    if not code or code != confirmation:
        raise ConfigError(
            "Channel and Confirmation are not the same code, so nothing was purged: fill in both."
        )
    return str(code)


@task
def purge() -> Changed:
    """Delete every file and row of the channel; running it again goes on where it broke off."""
    from include.retention.files import remove_channel
    from include.retention.purge import purge_rows, stop

    with spoken(), resources.open_warehouse() as engine:
        code = _named()
        stop(engine, resources.channels(), code)
        for root in (resources.staging_root(), resources.data_docs_root()):
            remove_channel(root, code)
        counts = purge_rows(engine, code)
    for table, count in counts.items():
        log.info("purge channel=%s table=%s rows=%s", code, table, count)
    return Changed(rows=sum(counts.values()))
