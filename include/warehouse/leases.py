"""A cap on calls to a store that holds across tasks, workers and machines: slots in the warehouse, leased by the call.

A slot whose holder died is free again when its lease runs out, so nobody has to clean up after a crash.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

from sqlalchemy import Engine, text

from include.errors import TransientError

PAUSE_SECONDS = 0.05
LONGEST_WAIT_SECONDS = 600.0

_MAKE = """
insert into ops.store_leases (store, slot)
select :store, number from generate_series(1, :slots) as number
on conflict do nothing
"""
_TAKE = """
update ops.store_leases set holder = :holder, expires_at = clock_timestamp() + make_interval(secs => :seconds)
where (store, slot) = (
    select store, slot from ops.store_leases
    where store = :store and slot <= :slots and (expires_at is null or expires_at < clock_timestamp())
    order by slot limit 1 for update skip locked
)
returning slot
"""
_FREE = "update ops.store_leases set holder = null, expires_at = null where store = :store and holder = :holder"


@dataclass(slots=True, kw_only=True)
class StoreLeases:
    """Slots of one store; an instance is a throttle for `include.magento`.

    Attributes:
        slots: how many may talk to the store at once.
        seconds: how long a lease lasts if its holder dies; longer than any call may take.
    """

    engine: Engine
    store: str
    slots: int
    seconds: float = 180.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _made: bool = field(default=False, init=False)

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Wait for a slot, hold it, give it back.

        Raises:
            TransientError: every slot stayed taken for ten minutes.
        """
        holder = uuid4().hex
        self._take(holder)
        try:
            yield
        finally:
            self._execute(_FREE, holder=holder)

    def _take(self, holder: str) -> None:
        if not self._made:
            self._execute(_MAKE, slots=self.slots)
            self._made = True
        began = self.clock()
        while not self._execute(_TAKE, holder=holder, slots=self.slots, seconds=self.seconds):
            if self.clock() - began > LONGEST_WAIT_SECONDS:
                raise TransientError(
                    f"All {self.slots} places at the store {self.store} stayed taken for ten minutes: run again later, "
                    "or raise limits.concurrency in the channel file if the store can bear it."
                )
            self.sleep(PAUSE_SECONDS)

    def _execute(self, statement: str, **values: object) -> int:
        with self.engine.begin() as connection:
            return connection.execute(text(statement), {"store": self.store, **values}).rowcount
