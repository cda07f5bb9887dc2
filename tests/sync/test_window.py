from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.magento.door import ChangedSince, Created, Everything, IdRange, Ids
from include.sync.window import (
    LAG,
    MOST_BATCHES,
    OVERLAP,
    Window,
    WindowKind,
    advanced,
    batches,
    of_creation,
    of_ids,
    of_time,
)

NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
INITIAL = Window(channel_code="us", entity="orders", kind=WindowKind.INITIAL)
INCREMENTAL = Window(channel_code="us", entity="orders", kind=WindowKind.INCREMENTAL)


@given(st.integers(1, 5000), st.integers(1, 700))
def test_windows_of_ids_tile_all_ids_highest_first(greatest: int, per_window: int) -> None:
    bounds = [(w.id_low, w.id_high) for w in of_ids(INITIAL, greatest, per_window=per_window)]
    assert bounds[0][1] == greatest
    assert bounds[-1][0] == 0
    assert [low for low, _ in bounds[:-1]] == [high for _, high in bounds[1:]]
    assert all(low is not None and high is not None and 0 < high - low <= per_window for low, high in bounds)


def test_no_ids_make_no_windows() -> None:
    assert list(of_ids(INITIAL, 0, per_window=500)) == []


@given(st.integers(-3600, 500_000), st.integers(60, 100_000))
def test_windows_of_time_tile_the_span_oldest_first_and_only_the_last_is_open(
    span: int, longest: int
) -> None:
    high = NOON + timedelta(seconds=span)
    windows = list(of_time(INCREMENTAL, low=NOON, high=high, longest=timedelta(seconds=longest)))
    assert windows[0].low_at == NOON
    assert windows[-1].high_at == max(high, NOON)
    assert [w.high_at for w in windows[:-1]] == [w.low_at for w in windows[1:]]
    assert all(w.low_at and w.high_at and w.high_at - w.low_at <= timedelta(seconds=longest) for w in windows)
    assert [w.is_open for w in windows] == [False] * (len(windows) - 1) + [True]


def test_clock_that_went_back_still_reads_and_never_moves_the_frontier_back() -> None:
    (window,) = of_time(INCREMENTAL, low=NOON, high=NOON - HOUR)
    assert (window.low_at, window.high_at) == (NOON, NOON)


def test_incremental_window_reads_an_overlap_and_only_the_open_one_has_no_end() -> None:
    closed, last = of_time(INCREMENTAL, low=NOON, high=NOON + 2 * HOUR, longest=HOUR)
    assert closed.selection() == ChangedSince(since=NOON - OVERLAP, until=NOON + HOUR)
    assert last.selection() == ChangedSince(since=NOON + HOUR - OVERLAP, until=None)


def test_each_kind_of_window_asks_for_its_own() -> None:
    window = Window(
        channel_code="us", entity="orders", kind=WindowKind.RANGE, low_at=NOON, high_at=NOON + HOUR
    )
    assert window.selection() == ChangedSince(since=NOON, until=NOON + HOUR)
    (ids,) = of_ids(INITIAL, 7, per_window=500)
    assert ids.selection() == IdRange(low=0, high=7)
    assert Window(channel_code="us", entity="orders", kind=WindowKind.IDS, ids=(4, 2)).selection() == Ids(
        ids=(4, 2)
    )
    assert Window(channel_code="us", entity="stores", kind=WindowKind.SNAPSHOT).selection() == Everything()


def test_window_without_bounds_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="a beginning in time"):
        INCREMENTAL.selection()


def hours(*spans: tuple[int, int]) -> list[tuple[datetime, datetime]]:
    return [(NOON + low * HOUR, NOON + high * HOUR) for low, high in spans]


@pytest.mark.parametrize(
    ("done", "reached"),
    [
        ([], 0),
        ([(0, 1), (1, 2)], 2),
        ([(1, 2), (0, 1)], 2),
        ([(1, 2)], 0),
        ([(0, 1), (2, 3)], 1),
        ([(-3, 2)], 2),
        ([(-3, -1)], 0),
        ([(0, 5), (1, 2), (5, 6)], 6),
        ([(0, 0)], 0),
    ],
)
def test_frontier_is_the_end_of_the_unbroken_run(done: list[tuple[int, int]], reached: int) -> None:
    assert advanced(NOON, hours(*done)) == NOON + reached * HOUR


@given(
    st.lists(
        st.tuples(st.integers(-5, 30), st.integers(0, 8)).map(lambda s: (s[0], s[0] + s[1])), max_size=12
    )
)
def test_frontier_never_passes_an_hour_that_no_window_has_read(done: list[tuple[int, int]]) -> None:
    reached = int((advanced(NOON, hours(*done)) - NOON) / HOUR)
    read = {hour for low, high in done for hour in range(low, high)}
    expected = next(hour for hour in range(100) if hour not in read)
    assert reached == expected


@dataclass(frozen=True)
class Run:
    """One run: when it begins, in minutes after NOON, and which of its windows fail."""

    minute: int
    failing: frozenset[int]


RUNS = st.lists(
    st.builds(Run, st.integers(0, 30) | st.integers(0, 6000), st.frozensets(st.integers(0, 4), max_size=4)),
    max_size=6,
).map(lambda runs: sorted(runs, key=lambda run: run.minute))
# A change's stamp, in minutes around NOON, and how long it takes until others can see it.
CHANGES = st.lists(
    st.tuples(st.integers(-5, 30) | st.integers(0, 7000), st.sampled_from([0, 6, 11])), max_size=8
)


@given(CHANGES, RUNS)
def test_every_change_is_read_in_the_end_whatever_fails_on_the_way(
    changes: list[tuple[int, int]], runs: list[Run]
) -> None:
    """Also one that becomes visible only after its time was read, as long as that takes no longer than allowed."""
    assert timedelta(minutes=11) == OVERLAP + LAG
    frontier, done, read = NOON, list[tuple[datetime, datetime]](), set[int]()
    for run in [*runs, Run(8000, frozenset())]:
        now = NOON + timedelta(minutes=run.minute)
        for place, window in enumerate(of_time(INCREMENTAL, low=frontier, high=now - LAG)):
            if place in run.failing:
                continue
            selection = window.selection()
            assert isinstance(selection, ChangedSince)
            assert window.low_at
            assert window.high_at
            for number, (minute, delay) in enumerate(changes):
                stamp = NOON + timedelta(minutes=minute)
                is_seen = stamp + timedelta(minutes=delay) <= now
                if is_seen and selection.since <= stamp and (not selection.until or stamp <= selection.until):
                    read.add(number)
            done.append((window.low_at, window.high_at))
        frontier = advanced(frontier, done)
    assert read == set(range(len(changes)))


@given(st.dictionaries(st.sampled_from("abcde"), st.integers(0, 3000)), st.integers(1, 20))
def test_batches_hold_every_window_once_in_order_and_never_too_many(
    counts: dict[str, int], per_batch: int
) -> None:
    windows = {code: list(range(count)) for code, count in counts.items()}
    made = batches(windows, per_batch=per_batch)
    assert {code: [n for c, some in made if c == code for n in some] for code in windows} == windows
    assert len(made) <= MOST_BATCHES + len(windows)
    assert all(len(some) >= per_batch or some[-1] == windows[code][-1] for code, some in made)


SECONDS = st.integers(0, 40).map(lambda n: NOON + timedelta(seconds=n))


@given(st.lists(st.none() | SECONDS, min_size=1, max_size=60), st.integers(1, 20))
def test_windows_of_creation_hold_every_second_once_newest_first(
    created: list[datetime | None], per_window: int
) -> None:
    windows = list(of_creation(INITIAL, created, per_window=per_window))
    assert windows[-1].low_at is None
    assert [w.is_open for w in windows] == [True] + [False] * (len(windows) - 1)
    for newer, older in pairwise(windows):
        assert older.high_at is not None
        assert older.high_at + timedelta(seconds=1) == newer.low_at

    def holds(window: Window, at: datetime | None) -> bool:
        selection = window.selection()
        assert isinstance(selection, Created)
        if at is None:
            return selection.since is None
        return (selection.since is None or selection.since <= at) and (
            selection.until is None or at <= selection.until
        )

    assert all(sum(holds(window, at) for window in windows) == 1 for at in created)
    for window in windows:
        dated = [at for at in created if at and holds(window, at)]
        assert len(dated) < per_window + max((created.count(at) for at in dated), default=1)


def test_window_of_creation_says_from_when_to_when() -> None:
    newest, oldest = of_creation(INITIAL, [NOON, NOON + HOUR], per_window=1)
    assert newest.title == "created 2026-04-01 13:00 to now"
    assert oldest.title == "created ever to 2026-04-01 12:59"
