"""How hard a store may be used: a cap on calls at once, and a pace of calls per second.

A throttle is anything that gives a context manager to hold while one call is on its way. The cap that holds across
tasks and workers is a lease kept elsewhere and handed in; this module knows only the shape. Waiting happens on
entering, and the slot is free again before the answer is parsed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Lock
from typing import Protocol


class Throttle(Protocol):
    """Gives a slot: a context manager held for the length of one call to the store."""

    def __call__(self) -> AbstractContextManager[object]:
        """A slot to enter; entering waits until there is one."""
        ...


def unlimited() -> AbstractContextManager[object]:
    """No cap and no pace: for stores of one's own."""
    return nullcontext()


def paced(
    requests_per_second: float,
    *,
    within: Throttle = unlimited,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Throttle:
    """At most this many calls a second from this process, each in a slot of `within`.

    The pause comes before the slot is taken, so that a waiting caller never keeps a slot from another one.
    """
    turn = _Turn(1.0 / requests_per_second, clock)

    @contextmanager
    def slot() -> Iterator[None]:
        pause = turn.wait_for_next()
        if pause > 0:
            sleep(pause)
        with within():
            yield

    return slot


class _Turn:
    """Hands out moments at a fixed distance; safe to share between threads."""

    def __init__(self, distance: float, clock: Callable[[], float]) -> None:
        self._distance = distance
        self._clock = clock
        self._next = clock()
        self._lock = Lock()

    def wait_for_next(self) -> float:
        """Seconds until the caller's turn."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._next)
            self._next = turn + self._distance
            return turn - now
