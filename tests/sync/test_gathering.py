"""Pages gathered before they are typed: nothing lost, nothing in another order, nothing waited for without need."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from include.magento.door import Page, Unreadable
from include.sync.collector import YOUNG_OBJECTS, seldom
from include.sync.gathering import gathered


def pages_of(*sizes: int) -> Iterator[Page]:
    """Pages of records numbered in their order."""
    first = 0
    for size in sizes:
        yield Page(records=[{"n": str(n)} for n in range(first, first + size)], bytes_read=size)
        first += size


def test_records_keep_their_order_and_nothing_is_lost() -> None:
    found = list(gathered(pages_of(3, 3, 3, 1), at_once=5))
    assert [len(page.records) for page in found] == [6, 4]
    assert [r["n"] for page in found for r in page.records] == [str(n) for n in range(10)]
    assert sum(page.bytes_read for page in found) == 10


def test_what_pages_say_beside_their_records_is_said_of_all_of_them() -> None:
    broken = Unreadable(id=7, reason="broken")
    first = Page(records=[], unreadable=[broken], absent=(1,), remarks=("a",))
    second = Page(records=[], is_partial=True, absent=(2,), remarks=("a", "b"))
    (found,) = gathered([first, second], at_once=5)
    assert (found.unreadable, found.absent, found.is_partial, found.remarks) == (
        [broken],
        (1, 2),
        True,
        ("a", "b"),
    )


def test_full_page_goes_on_before_the_next_one_is_asked_for() -> None:
    def store() -> Iterator[Page]:
        yield from pages_of(5)
        pytest.fail("a page was asked for too early")

    assert len(next(gathered(store(), at_once=5)).records) == 5


def test_cycles_are_looked_for_as_before_once_records_are_read() -> None:
    before = gc.get_threshold()
    with seldom():
        assert gc.get_threshold() == (YOUNG_OBJECTS, *before[1:])
    assert gc.get_threshold() == before
