"""The shop's clock and the text form of its instants.

Everything the demo store holds is a function of (seed, sizes, clock): moving the clock is all that `tick` does.
A newcomer would expect time to pass by itself: with a fixed start it stands still between ticks, so that a run can
be repeated; only `--clock now` runs along with real time.
"""

from __future__ import annotations

import datetime as dt
import math
import time
from collections.abc import Callable
from functools import lru_cache

HOUR = 3600
DAY = 24 * HOUR
DEFAULT_START = "2026-11-22T06:00:00"
ZERO = "0000-00-00 00:00:00"

_DAY_SHAPE = 0.6
"""How much busier noon is than midnight; below 1, so that the warped time never runs backwards."""


class ShopClock:
    """Seconds since 1970 in UTC, as the shop sees them.

    Args:
        start: an ISO instant (UTC when it has no zone), or "now" for a clock that runs with real time.
        real: source of real time, in seconds; only used by a running clock.
    """

    def __init__(self, start: str = DEFAULT_START, real: Callable[[], float] = time.time) -> None:
        self._real = real
        self._runs = start == "now"
        self._real_start = real()
        self._shift = 0
        self.start = int(self._real_start) if self._runs else parse_iso(start)

    def now(self) -> int:
        """The instant the shop's own clock shows."""
        elapsed = int(self._real() - self._real_start) if self._runs else 0
        return self.start + self._shift + elapsed

    def move(self, seconds: int) -> int:
        """Sets the clock forward and returns the new instant; a shop's clock never runs backwards."""
        if seconds < 0:
            raise ValueError("The shop's clock only moves forward: give a number of hours above zero.")
        self._shift += seconds
        return self.now()


def parse_iso(text: str) -> int:
    """Seconds since 1970 of an ISO instant; without a zone it is UTC."""
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return int(moment.timestamp())


def sql_time(epoch: int) -> str:
    """`2026-11-22 06:00:00`, the form in which Magento stores and sends instants (UTC)."""
    day, second = divmod(epoch, DAY)
    hour, second = divmod(second, HOUR)
    return f"{_date_text(day)} {hour:02d}:{second // 60:02d}:{second % 60:02d}"


@lru_cache(maxsize=4096)
def _date_text(day: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(day * DAY))


def sql_epoch(text: str) -> int:
    """The inverse of `sql_time`; 0 for the zero date and anything that is no date."""
    try:
        return parse_iso(text)
    except ValueError:
        return 0


def http_date(epoch: int) -> str:
    """The form of the HTTP Date header."""
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(epoch))


def warp(position: float) -> int:
    """Turns evenly spread positions (in seconds) into instants with quiet nights and busy noons; monotone."""
    days, fraction = divmod(position / DAY, 1.0)
    shaped = fraction + _DAY_SHAPE * math.sin(2 * math.pi * fraction) / (2 * math.pi)
    return int((days + shaped) * DAY)


def unwarp(instant: int) -> float:
    """The greatest position whose instant is not after the given one (inverse of `warp`, by bisection)."""
    low = float(instant // DAY * DAY)
    high = low + DAY
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if warp(middle) <= instant else (low, middle)
    return low
