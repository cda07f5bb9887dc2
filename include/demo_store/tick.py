"""Moves the clock of a running demo store from outside, over its control endpoint."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request

from include.errors import ConfigError

_TIMEOUT_SECONDS = 120


def tick(url: str, hours: float) -> dict[str, str | int]:
    """Moves the clock of the store at `url` (any address of it) and returns what that brought.

    Raises:
        ConfigError: when no demo store answers there.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in ("127.0.0.1", "localhost"):
        raise ConfigError("A demo store only runs on this machine: give --url as http://127.0.0.1:PORT/.")
    address = f"http://{parts.netloc}/_demo/tick?hours={hours}"
    try:
        call = urllib.request.Request(address, method="POST")
        with urllib.request.urlopen(call, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - http, see above
            result: dict[str, str | int] = json.load(answer)
            return result
    except (urllib.error.URLError, ValueError) as problem:
        raise ConfigError(
            f"No demo store moved its clock at {parts.netloc}: start one with `python -m include.demo_store serve`, "
            "and give --hours above zero."
        ) from problem
