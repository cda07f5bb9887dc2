from __future__ import annotations

from typing import Any

import pytest

from include.errors import ConfigError, DataError, SyncError, TransientError
from include.magento.door import IdRange, Ids, Selection
from include.sync import upsert
from include.sync.run_report import left_over_of
from include.sync.window import Window
from tests.sync.records import order
from tests.sync.shop import T0, Door, Shop

BUSY = TransientError("The store is busy: try again later.")
NO_KEY = ConfigError("The key is wrong: correct it in the connection.")


@pytest.fixture
def big(shop: Shop) -> Shop:
    """A shop whose first load takes three windows."""
    shop.door = Door(records=[order(n) for n in (1, 1200, 2200)])
    return shop


def failing_at(error: Exception, high: int) -> Any:
    """What the door does for one window of ids, and no other."""

    def before_page(selection: Selection) -> None:
        if isinstance(selection, IdRange) and selection.high == high:
            raise error

    return before_page


def extract(shop: Shop, windows: list[Window]) -> None:
    shop.batch("orders", windows).extract(shop.extraction("orders"))


def pass_checks(shop: Shop) -> None:
    shop.execute("update ops.windows set state = 'validated' where state = 'extracted'")


def states(shop: Shop) -> list[tuple[str, str | None]]:
    return shop.rows("select state, error from ops.windows order by window_id")


def test_one_failing_window_costs_one_window(big: Shop) -> None:
    windows = big.plan("orders")
    big.door.before_page = failing_at(BUSY, 1200)
    with pytest.raises(TransientError, match=BUSY.summary):
        extract(big, windows)
    assert states(big) == [("extracted", None), ("failed", BUSY.summary), ("extracted", None)]
    pass_checks(big)
    big.batch("orders", windows).upsert()
    assert big.rows("select order_key from crm.orders order by 1") == ["us:1", "us:2200"]


def test_error_that_every_window_would_meet_stops_at_once(big: Shop) -> None:
    windows = big.plan("orders")
    big.door.before_page = failing_at(NO_KEY, 2200)
    with pytest.raises(ConfigError, match=NO_KEY.summary):
        extract(big, windows)
    assert states(big) == [("failed", NO_KEY.summary), ("planned", None), ("planned", None)]
    assert big.door.asked == [
        Ids(ids=(2200,)),
        IdRange(low=1200, high=2200),
    ]  # the newest, for its currency, first


def test_first_of_several_failures_is_told(big: Shop) -> None:
    windows = big.plan("orders")

    def before_page(selection: Selection) -> None:
        raise DataError("second") if isinstance(selection, IdRange) and selection.high == 1200 else BUSY

    big.door.before_page = before_page
    with pytest.raises(SyncError, match=BUSY.summary):
        extract(big, windows)
    assert [error for _, error in states(big)] == [BUSY.summary, "second", BUSY.summary]


def test_retry_goes_on_where_it_stopped(big: Shop) -> None:
    windows = big.plan("orders")
    big.door.before_page = failing_at(BUSY, 1200)
    with pytest.raises(TransientError):
        extract(big, windows)
    big.door.asked.clear()
    big.door.before_page = lambda _: None
    extract(big, windows)
    assert big.door.asked == [IdRange(low=200, high=1200)]
    assert states(big) == [("extracted", None)] * 3
    assert big.rows("select attempts from ops.windows order by window_id") == [1, 2, 1]


def test_retried_upsert_loads_what_is_left_after_an_accident(
    big: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows = big.plan("orders")
    extract(big, windows)
    pass_checks(big)
    with monkeypatch.context() as broken:
        broken.setattr(upsert, "_derive", accident)
        with pytest.raises(ZeroDivisionError):
            big.batch("orders", windows).upsert()
    big.batch("orders", windows).upsert()
    assert states(big) == [("done", None)] * 3


def accident(*_: Any) -> Any:
    raise ZeroDivisionError("ada@example.com owes 5 / 0")


def test_unexpected_error_is_in_the_ledger_without_what_it_says(
    big: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows = big.plan("orders")
    big.door.before_page = failing_at(ValueError("ada@example.com lives in London"), 2200)
    with pytest.raises(ValueError, match="ada"):
        extract(big, windows)
    assert big.rows("select error from ops.windows where error is not null") == [
        "Unexpected ValueError: see the task's log, then run again."
    ]
    with big.engine.connect() as connection:
        (left,) = left_over_of(connection, "run", "orders")
    assert (left.channel_code, left.windows, left.left_over, left.error) == (
        "us",
        3,
        3,
        "Unexpected ValueError: see the task's log, then run again.",
    )


def test_verbs_pass_over_windows_that_are_not_theirs(big: Shop) -> None:
    windows = big.plan("orders")
    batch = big.batch("orders", windows)
    batch.validate()
    batch.upsert()
    assert states(big) == [("planned", None)] * 3
    big.execute("update ops.windows set state = 'superseded'")
    extract(big, windows)
    assert big.door.asked == [Ids(ids=(2200,))]


def test_lost_parts_are_one_sentence_in_the_ledger(big: Shop) -> None:
    windows = big.plan("orders")
    extract(big, windows)
    pass_checks(big)
    big.execute("update ops.windows set staged_at_path = 'us/orders/elsewhere'")
    with pytest.raises(ConfigError, match="let all workers share the storage"):
        big.batch("orders", windows).upsert()
    assert [state for state, _ in states(big)] == ["failed", "validated", "validated"]


def test_failure_s_time_is_our_clock_s(big: Shop) -> None:
    windows = big.plan("orders")
    big.door.before_page = failing_at(BUSY, 1200)
    with pytest.raises(TransientError):
        extract(big, windows)
    assert big.rows("select finished_at from ops.windows where state = 'failed'") == [T0]
