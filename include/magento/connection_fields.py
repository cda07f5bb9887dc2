"""Reads the fields of an Airflow connection, leniently: form, JSON and URI give three types for one value.

`timeout_seconds=30` arrives as 30 or "30", a switch as true, "true" or "on"; blank always means the default.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NoReturn

from include.errors import ConfigError

Wsi = Literal["auto", "on", "off"]

DEFAULT_TIMEOUT_SECONDS = 60.0
_MAX_TIMEOUT_SECONDS = 3600.0
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})


@dataclass(frozen=True, slots=True)
class ConnectionFields:
    """The fields of one connection; whatever is wrong with one is refused by its name, without its value."""

    conn_id: str
    extra: Mapping[str, Any] = field(repr=False)

    def refuse(self, problem: str, mend: str) -> NoReturn:
        """Stop with one sentence: which connection, what is wrong, what to do."""
        raise ConfigError(f"Connection {self.conn_id}: {problem}; {mend}.")

    def required(self, value: str | None, name: str, what: str) -> str:
        """A standard field that must be filled in."""
        if not value or not value.strip():
            self.refuse(f"the {name} is missing", f"enter {what}")
        return value.strip()

    def text(self, name: str) -> str | None:
        """An extra field as text; None when absent or blank."""
        value = str(self.extra.get(name) if self.extra.get(name) is not None else "")
        return value if value.strip() else None

    def flag(self, name: str, *, default: bool) -> bool:
        """An extra field that is a switch."""
        value = (self.text(name) or str(default)).strip().lower()
        if value not in _TRUE | _FALSE:
            self.refuse(f"the extra field {name} is neither true nor false", "write true or false")
        return value in _TRUE

    def wsi(self) -> Wsi:
        """Whether the store runs in WS-I mode; a YAML writer's `on` arrives as true."""
        value = (self.text("wsi") or "auto").strip().lower()
        if value not in _TRUE | _FALSE | {"auto"}:
            self.refuse(
                "the extra field wsi is none of auto, on and off", "write auto unless you know better"
            )
        return "auto" if value == "auto" else "on" if value in _TRUE else "off"

    def verify_tls(self) -> bool | str:
        """True, False, or the CA bundle's path."""
        if not self.flag("verify_tls", default=True):
            return False
        bundle = self.text("ca_bundle")
        if bundle is None:
            return True
        path = Path(bundle.strip()).expanduser()
        if not path.exists():
            self.refuse(
                "the extra field ca_bundle names no file here", "give the path of a PEM file on this machine"
            )
        return str(path)

    def timeout_seconds(self, default: float = DEFAULT_TIMEOUT_SECONDS) -> float:
        """Limit of a call in seconds."""
        value = self.text("timeout_seconds")
        try:
            seconds = default if value is None else float(value)
        except ValueError:
            seconds = math.nan
        if not 0 < seconds <= _MAX_TIMEOUT_SECONDS:
            self.refuse(
                "the extra field timeout_seconds is not a number of seconds up to 3600",
                "write one such as 60",
            )
        return seconds
