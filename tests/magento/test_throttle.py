"""Pacing and slots."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from include.magento.throttle import paced, unlimited


class Time:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now = 100.0
        self.slept = []

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def test_unlimited_never_waits():
    with unlimited():
        pass


def test_calls_keep_their_distance():
    time = Time()
    slot = paced(4, clock=time.clock, sleep=time.sleep)
    for _ in range(3):
        with slot():
            pass
    assert time.slept == [0.25, 0.25]


def test_pause_that_was_made_anyway_is_not_made_again():
    time = Time()
    slot = paced(4, clock=time.clock, sleep=time.sleep)
    with slot():
        time.now += 10
    with slot():
        pass
    assert time.slept == []


def test_waiting_for_the_turn_keeps_no_slot():
    time, order = Time(), []

    @contextmanager
    def cap():
        order.append("slot")
        yield

    slot = paced(1, within=cap, clock=time.clock, sleep=lambda s: (order.append("pause"), time.sleep(s)))
    with slot():
        pass
    with slot():
        pass
    assert order == ["slot", "pause", "slot"]


def test_failing_call_gives_its_slot_back():
    left = []

    @contextmanager
    def cap():
        try:
            yield
        finally:
            left.append(True)

    with pytest.raises(ValueError, match="broken"), paced(1000, within=cap)():
        raise ValueError("broken")
    assert left == [True]
