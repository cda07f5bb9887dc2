"""1,000 customer updates written back to a store that takes 50 ms for every call, against the bare calls. Wall-clock.

The baseline makes the same calls (read the customer, write one field, read it again) from as many sessions as the
channel may have calls on their way, and does nothing else: what the cap allows. It is taken for a tenth of the
customers before and again after, so that a machine that slows down decides nothing. Ours also claims, merges, keeps
every decision, commits before it sends, verifies and settles. The store is a process of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from time import perf_counter

from sqlalchemy import Engine, text

from benchmarks.chain import serving
from benchmarks.demo_shop import CHANNEL, KEYS
from benchmarks.measure import Measured, Report
from benchmarks.warehouse import fresh_warehouse, running_server
from include.channels.model import Channel
from include.demo_store.settings import DEFAULT_KEY, DEFAULT_USER
from include.entities.customers import CUSTOMERS_ENTITY
from include.magento.address import StoreAddress
from include.magento.door import Everything, Ids
from include.magento.soap import open_door
from include.magento.throttle import Throttle
from include.magento.writing import TwoWayDoor, UpdateCustomer
from include.warehouse.engine import open_engine
from include.warehouse.store_slots import StoreSlots
from include.write_back.working_off import connections_for, work_off

BOUND = 1.25
"""80 % of what the cap allows."""
LATENCY_SECONDS = 0.05
CAPS = (2, 8)
"""The default of a channel, and what a store on several machines bears."""
READING = CUSTOMERS_ENTITY.reading["magento1"]
_CUSTOMERS = text(
    """
    insert into crm.customers (customer_key, channel_code, customer_id, last_name, is_guest, first_seen_at, changed_at)
    values (:channel || ':' || :number, :channel, :number, :name, false, now(), now())
    """
)
_CHANNEL = text(
    """
    insert into ops.channels
        (channel_code, channel_name, kind, timezone, reporting_currency_code, is_active, updated_at)
    values (:channel, 'Benchmark', 'magento1', 'UTC', 'EUR', true, now())
    """
)
_ASK = text(
    """
    select count(crm.request_change(
        'customer_update', customer_key, jsonb_build_object('last_name', 'Ours ' || :cap || ' ' || customer_id)
    )) from crm.customers
    """
)


def run(*, updates: int = 1000, latency: float = LATENCY_SECONDS, caps: Sequence[int] = CAPS) -> Report:
    """Write so many customers, once for each number of calls that the store bears at once."""
    reports = [_with_cap(cap, updates, latency) for cap in caps]
    return Report(
        "Write back: customers changed in the store, against the same calls alone",
        [line for report in reports for line in report.lines],
        [note for report in reports for note in report.notes],
    )


def _with_cap(cap: int, updates: int, latency: float) -> Report:
    settings = {
        "two_way": {"enabled": True, "daily_ceiling": 10 * updates},
        "limits": CHANNEL.limits.model_dump() | {"concurrency": cap},
    }
    channel = Channel.model_validate(CHANNEL.model_dump() | settings)
    sizes = ("--customers", str(updates), "--orders", "2")
    slow = ("--slow-every", "1", "--slow-seconds", str(latency))
    with (
        serving(*sizes, *slow) as url,
        running_server() as server,
        fresh_warehouse(server, "bench_write_back") as warehouse,
    ):
        engine = open_engine(warehouse, connections=connections_for(channel))
        try:
            return _measured(engine, channel, url, updates, latency)
        finally:
            engine.dispose()


def _measured(engine: Engine, channel: Channel, url: str, updates: int, latency: float) -> Report:
    cap, calls = channel.limits.concurrency, itertools.count()
    slots = StoreSlots(engine=engine, store="bench", slots=cap)

    @contextmanager
    def counted() -> Iterator[None]:
        next(calls)
        with slots():
            yield

    def opened(throttle: Throttle) -> Callable[[], AbstractContextManager[TwoWayDoor]]:
        address = StoreAddress(wsdl_url=url, user=DEFAULT_USER, api_key=DEFAULT_KEY)
        return lambda: closing(open_door(address, throttle=throttle))

    numbers = _ask_for_changes(engine, opened(slots), updates, cap)
    sample = numbers[: max(len(numbers) // 10, 1)]
    before = _spent(lambda: _bare_calls(opened(slots), sample, cap))
    ours = _spent(lambda: _work_off(engine, channel, opened(counted), len(numbers)))
    after = _spent(lambda: _bare_calls(opened(slots), sample, cap))
    bare, made = (before + after) / 2 * len(numbers) / len(sample), next(calls)
    lines = [
        Measured(name=f"the outbox worked off, {cap} at once", value=ours, baseline=bare, bound=BOUND),
        Measured(
            name=f"against nothing but waiting, {cap} at once", value=ours, baseline=made * latency / cap
        ),
    ]
    notes = [
        f"{len(numbers):,} updates, {made:,} calls of {latency * 1000:.0f} ms, {cap} at once.",
        f"{100 * bare / ours:.0f} % of what a cap of {cap} allows.",
    ]
    return Report("Write back: customers changed in the store, against the same calls alone", lines, notes)


def _ask_for_changes(
    engine: Engine, open_one: Callable[[], AbstractContextManager[TwoWayDoor]], updates: int, cap: int
) -> list[int]:
    """Know the customers of the store and ask for a change of each; their ids."""
    with open_one() as door:
        pages = door.read(READING, Everything(), page_size=100)
        known = [record for page in pages for record in page.records][:updates]
    numbers = [int(str(one["customer_id"])) for one in known]
    rows = [
        {"channel": CHANNEL.code, "number": number, "name": one.get("lastname")}
        for number, one in zip(numbers, known, strict=True)
    ]
    with engine.begin() as connection:
        connection.execute(_CHANNEL, {"channel": CHANNEL.code})
        connection.execute(_CUSTOMERS, rows)
        connection.execute(_ASK, {"cap": str(cap)})
    return numbers


def _bare_calls(
    open_one: Callable[[], AbstractContextManager[TwoWayDoor]], numbers: list[int], cap: int
) -> None:
    def some(mine: list[int]) -> None:
        with open_one() as door:
            for number in mine:
                change = UpdateCustomer(customer_id=number, fields={"firstname": f"Bare {number}"})
                list(door.read(READING, Ids(ids=(number,)), page_size=1))
                door.writer.write(change)
                list(door.read(READING, Ids(ids=(number,)), page_size=1))

    with ThreadPoolExecutor(cap) as pool:
        list(pool.map(some, [numbers[start::cap] for start in range(cap)]))


def _work_off(
    engine: Engine, channel: Channel, open_one: Callable[[], AbstractContextManager[TwoWayDoor]], updates: int
) -> None:
    states, _ = work_off(engine, channel, open_one, KEYS)
    if states != {"done": updates}:
        raise RuntimeError(f"Every update was to be done, and the outbox came to {dict(states)}.")


def _spent(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started
