from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Lock
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import Engine, text

from include.errors import TransientError
from include.warehouse.store_slots import LONGEST_WAIT_SECONDS, StoreSlots


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self, meanwhile: Callable[[], Any] = lambda: None) -> None:
        self.seconds = 0.0
        self.meanwhile = meanwhile

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += max(seconds, LONGEST_WAIT_SECONDS / 20)
        self.meanwhile()


def slots(engine: Engine, clock: Clock | None = None, **fields: Any) -> StoreSlots:
    clock = clock or Clock()
    known: dict[str, Any] = {"store": "magento_us", "slots": 2, "clock": clock.now, "sleep": clock.sleep}
    return StoreSlots(engine=engine, **known | fields)


def taken(engine: Engine) -> int:
    held = text(
        "select count(*) from pg_locks where locktype = 'advisory' and granted"
        " and database = (select oid from pg_database where datname = current_database())"
    )
    with engine.connect() as connection:
        return int(connection.execute(held).scalar_one())


def test_slot_is_given_back(database: Engine) -> None:
    throttle = slots(database)
    for _ in range(3):
        with throttle():
            assert taken(database) == 1
        assert taken(database) == 0


def test_slot_is_given_back_after_a_failure(database: Engine) -> None:
    with pytest.raises(ZeroDivisionError), slots(database)():
        raise ZeroDivisionError
    assert taken(database) == 0


def test_who_waits_for_a_slot_keeps_no_connection(warehouse_url: sqlalchemy.URL) -> None:
    engine, seen = sqlalchemy.create_engine(warehouse_url, pool_size=2, max_overflow=0), list[int]()
    pool = engine.pool
    assert isinstance(pool, sqlalchemy.QueuePool)
    with slots(engine, slots=1)():
        clock = Clock(meanwhile=lambda: seen.append(pool.checkedout()))
        with pytest.raises(TransientError), slots(engine, clock, slots=1)():
            pass
    assert set(seen) == {1}
    assert pool.checkedout() == 0
    engine.dispose()


def test_never_more_holders_than_slots(warehouse_url: sqlalchemy.URL) -> None:
    engine = sqlalchemy.create_engine(warehouse_url, pool_size=14)
    guard, inside, most = Lock(), 0, 0

    def call(number: int) -> None:
        nonlocal inside, most
        throttle = StoreSlots(engine=engine, store="magento_us", slots=2, sleep=lambda _: None)
        for _ in range(6):
            with throttle():
                with guard:
                    inside += 1
                    most = max(most, inside)
                taken(engine)  # something to wait for, so that threads meet
                with guard:
                    inside -= 1

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(call, range(6)))
    assert most == 2
    assert taken(engine) == 0
    engine.dispose()


def test_waiting_ends_when_a_slot_comes_free(database: Engine) -> None:
    with ExitStack() as others:
        for _ in range(2):
            others.enter_context(slots(database)())
        clock = Clock(meanwhile=others.close)
        with slots(database, clock)():
            assert clock.seconds > 0


def test_waiting_too_long_is_one_sentence_that_names_the_store_and_the_mend(database: Engine) -> None:
    with slots(database)(), slots(database)():
        clock = Clock()
        sentence = r"^All 2 places at the store magento_us stayed taken for ten minutes: run again later, or"
        with pytest.raises(TransientError, match=sentence), slots(database, clock)():
            pytest.fail("there was no slot to have")
        assert LONGEST_WAIT_SECONDS < clock.seconds < 1.2 * LONGEST_WAIT_SECONDS
        assert taken(database) == 2


def test_slot_of_a_dead_holder_is_free_at_once(database: Engine, warehouse_url: sqlalchemy.URL) -> None:
    other = sqlalchemy.create_engine(warehouse_url)
    with slots(other, slots=1)():
        _kill_sessions_but_ours(database)
        with slots(database, slots=1)():
            assert taken(database) == 1
    other.dispose()


def _kill_sessions_but_ours(engine: Engine) -> None:
    kill = text(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )
    with engine.connect() as connection:
        connection.execute(kill)


def test_living_holder_keeps_its_slot(database: Engine) -> None:
    with slots(database, slots=1)(), pytest.raises(TransientError), slots(database, slots=1)():
        pytest.fail("the slot was taken over")


def test_stores_do_not_share_slots(database: Engine) -> None:
    with slots(database, slots=1)(), slots(database, slots=1, store="magento_uk")():
        assert taken(database) == 2


def test_raised_cap_holds_at_once(database: Engine) -> None:
    with slots(database, slots=1)(), slots(database, slots=2)():
        assert taken(database) == 2
