"""For how long things are kept, from the environment; `.env.example` says what each is about."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from include.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Days that things are kept; raw and staged records go by their channel's `raw_retention_days`.

    Attributes:
        ledger: finished windows, what people were told.
        checks: results of the checks of a window, and of reports that are no more.
        quarantine: entries that wait no longer, with their payload.
        write_back: changes asked of a store that wait no longer, with what was decided about them.
        tasks: tasks that people have done, or need not do any more.
        touched: how far back a report or segment that is not refreshed can follow changes; later it computes anew.
        logs: Airflow's logs and the commands' below the data folder.
    """

    ledger: int = 365
    checks: int = 30
    quarantine: int = 90
    write_back: int = 90
    tasks: int = 365
    touched: int = 30
    logs: int = 30

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Limits:
        """Read the variables `CRM_KEEP_<WHAT>_DAYS`.

        Raises:
            ConfigError: one is not a whole number of days, at least one.
        """
        env = os.environ if environ is None else environ
        names = {field.name: f"CRM_KEEP_{field.name.upper()}_DAYS" for field in fields(cls)}
        return cls(**{name: _days(key, env[key]) for name, key in names.items() if env.get(key)})

    def before(self, now: datetime) -> dict[str, datetime]:
        """The instant before which each goes, by name; nothing younger than `recent` does, whatever it is."""
        instants = {field.name: now - timedelta(days=getattr(self, field.name)) for field in fields(self)}
        return instants | {"recent": now - timedelta(days=1)}


def _days(key: str, value: str) -> int:
    if not (value.isascii() and value.isdecimal() and 0 < int(value) <= 36500):
        raise ConfigError(f"{key} is no number of days: write a whole one such as 30, or leave it out.")
    return int(value)
