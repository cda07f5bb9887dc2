"""A channel's outbox worked off: several records at once, each worker with its own door, under the store's cap.

Where nothing is ready the store is not even opened, so it may be asked for every few minutes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime

from sqlalchemy import Engine, text

from include.channels.model import Channel
from include.identity.guest_keys import GuestKeys
from include.magento.writing import TwoWayDoor
from include.write_back.desk import left_behind_before
from include.write_back.sender import Sender, Touched, outbox_of

OpenDoor = Callable[[], AbstractContextManager[TwoWayDoor]]


def warehouse_clock(
    engine: Engine, *, local: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Callable[[], datetime]:
    """A clock that agrees with the warehouse's: on machines whose own differ, one would take over another's request."""
    with engine.connect() as connection:
        ahead = connection.execute(text("select clock_timestamp()")).scalar_one() - local()
    return lambda: local() + ahead


def connections_for(channel: Channel) -> int:
    """How many connections to the warehouse its workers want at once: one for the slot of a call, one beside it."""
    return 2 * channel.limits.concurrency + 2


def work_off(
    engine: Engine,
    channel: Channel,
    open_door: OpenDoor,
    keys: GuestKeys,
    *,
    now: Callable[[], datetime] | None = None,
) -> tuple[Counter[str], Touched]:
    """Send what is ready, until nothing is.

    Args:
        engine: the warehouse, with as many connections as `connections_for` says.
        channel: nothing is written where its two_way is off.
        open_door: opens one more session with the store.
        keys: the secret of hashes, by which opt-outs are known.
        now: our clock; None: the warehouse's.

    Returns:
        Entries by the state they came to, and the records to be read again.

    Raises:
        ConfigError: a person must act; what other workers had at hand is settled.
    """
    states, touched = Counter[str](), Touched()
    if not channel.two_way.enabled:
        return states, touched
    now = now or warehouse_clock(engine)
    outbox = outbox_of(engine, channel)
    outbox.recover(left_behind_before(channel.two_way, now()), attempts=channel.two_way.attempts)
    workers = len(outbox.ready(now(), most=channel.limits.concurrency))
    if not workers:
        return states, touched
    with ExitStack() as doors, ThreadPoolExecutor(workers) as pool:
        opened = [doors.enter_context(open_door()) for _ in range(workers)]
        senders = [Sender(outbox=outbox, channel=channel, door=door, now=now, keys=keys) for door in opened]
        results = [pool.submit(sender.work_off) for sender in senders]
        for result in results:
            done, theirs = result.result()
            states, touched = states + done, touched | theirs
    return states, touched
