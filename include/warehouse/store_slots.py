"""A cap on calls to a store that holds across tasks, workers and machines: slots that are locks in the warehouse.

A lock lives as long as its database session, so a slot whose holder died is free at once, and a call may take as
long as it takes. A lease with an end would have to outlast the longest call, and stay taken as long after a crash.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, exc, text

from include.errors import TransientError

PAUSE_SECONDS = 0.05
LONGEST_WAIT_SECONDS = 600.0

_TAKE = text("select pg_try_advisory_lock(hashtextextended(:slot, 0))")
_FREE = text("select pg_advisory_unlock(hashtextextended(:slot, 0))")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSlots:
    """The slots of one store; an instance is a throttle for `include.magento`.

    Attributes:
        store: name of the connection to the store; whoever uses another name has slots of his own.
        slots: how many calls may be on their way at once.
    """

    engine: Engine
    store: str
    slots: int
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Wait for a slot, hold it, give it back.

        Raises:
            TransientError: every slot stayed taken for ten minutes.
        """
        connection, slot = self._taken()
        try:
            yield
        finally:
            _give_back(connection, slot)
            connection.close()

    def _taken(self) -> tuple[Connection, str]:
        """A connection with a slot; whoever waits keeps none, so that those at work get theirs."""
        began = self.clock()
        while True:
            if found := self._tried():
                return found
            if self.clock() - began > LONGEST_WAIT_SECONDS:
                raise TransientError(
                    f"All {self.slots} places at the store {self.store} stayed taken for ten minutes: run again later, "
                    "or raise limits.concurrency in the channel file if the store can bear it."
                )
            self.sleep(PAUSE_SECONDS)

    def _tried(self) -> tuple[Connection, str] | None:
        connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            for number in range(1, self.slots + 1):
                slot = f"store:{self.store}:{number}"
                if connection.execute(_TAKE, {"slot": slot}).scalar_one():
                    return connection, slot
        except BaseException:
            connection.close()
            raise
        connection.close()
        return None


def _give_back(connection: Connection, slot: str) -> None:
    """Free the slot; a session that broke meanwhile has freed it already, and the store's answer is still good."""
    try:
        connection.execute(_FREE, {"slot": slot})
    except exc.DBAPIError:
        connection.invalidate()
