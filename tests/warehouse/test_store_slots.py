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
from include.warehouse.leases import LONGEST_WAIT_SECONDS, StoreLeases
from tests.sync.migrated_warehouse import migrated_template

__all__ = ["migrated_template"]


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


def leases(engine: Engine, clock: Clock | None = None, **fields: Any) -> StoreLeases:
    clock = clock or Clock()
    known: dict[str, Any] = {"store": "magento_us", "slots": 2, "clock": clock.now, "sleep": clock.sleep}
    return StoreLeases(engine=engine, **known | fields)


def taken(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(
            connection.execute(
                text("select count(*) from ops.store_leases where holder is not null")
            ).scalar_one()
        )


def test_slot_is_given_back(database: Engine) -> None:
    throttle = leases(database)
    for _ in range(3):
        with throttle():
            assert taken(database) == 1
        assert taken(database) == 0


def test_slot_is_given_back_after_a_failure(database: Engine) -> None:
    with pytest.raises(ZeroDivisionError), leases(database)():
        raise ZeroDivisionError
    assert taken(database) == 0


def test_never_more_holders_than_slots(warehouse_url: sqlalchemy.URL) -> None:
    engine = sqlalchemy.create_engine(warehouse_url, pool_size=8)
    guard, inside, most = Lock(), 0, 0

    def call(number: int) -> None:
        nonlocal inside, most
        throttle = StoreLeases(engine=engine, store="magento_us", slots=2, sleep=lambda _: None)
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
            others.enter_context(leases(database)())
        clock = Clock(meanwhile=others.close)
        with leases(database, clock)():
            assert clock.seconds > 0


def test_waiting_too_long_is_one_sentence_that_names_the_store_and_the_mend(database: Engine) -> None:
    with leases(database)(), leases(database)():
        clock = Clock()
        sentence = r"^All 2 places at the store magento_us stayed taken for ten minutes: run again later, or"
        with pytest.raises(TransientError, match=sentence), leases(database, clock)():
            pytest.fail("there was no slot to have")
        assert LONGEST_WAIT_SECONDS < clock.seconds < 1.2 * LONGEST_WAIT_SECONDS
        assert taken(database) == 2


def test_slot_of_a_dead_holder_is_free_after_its_lease(database: Engine) -> None:
    dead = leases(database, slots=1, seconds=0.0)()
    dead.__enter__()
    with leases(database, slots=1)():
        assert taken(database) == 1


def test_living_lease_is_never_taken_over(database: Engine) -> None:
    with leases(database, slots=1, seconds=30)(), pytest.raises(TransientError), leases(database, slots=1)():
        pytest.fail("the slot was taken over")


def test_holder_that_was_too_slow_does_not_free_its_successor_s_slot(database: Engine) -> None:
    slow = leases(database, slots=1, seconds=0.0)()
    slow.__enter__()
    with leases(database, slots=1)():
        slow.__exit__(None, None, None)
        assert taken(database) == 1


def test_stores_do_not_share_slots(database: Engine) -> None:
    with leases(database, slots=1)(), leases(database, slots=1, store="magento_uk")():
        assert taken(database) == 2


def test_lowered_cap_holds_at_once(database: Engine) -> None:
    with leases(database, slots=3)():
        pass
    with leases(database, slots=1)(), pytest.raises(TransientError), leases(database, slots=1)():
        pytest.fail("there was a second slot")


def test_raised_cap_holds_at_once(database: Engine) -> None:
    with leases(database, slots=1)(), leases(database, slots=2)():
        assert taken(database) == 2
