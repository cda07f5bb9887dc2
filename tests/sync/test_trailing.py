"""Recent records are read again once a day, in an ordinary run, for what moves no date."""

from __future__ import annotations

from datetime import timedelta

import pytest

from include.sync import trailing
from include.sync.window import Window, WindowKind, WindowState
from tests.sync.records import credit_memo, order, shipment
from tests.sync.shop import T0, Shop
from tests.sync.store import Store, loaded

DAY = timedelta(days=1)
RECENT = "2026-03-20 10:00:00"
OLD = "2026-02-01 10:00:00"


@pytest.fixture
def store(shop: Shop) -> Store:
    """Two orders of the last weeks and an old one, loaded."""
    made = {1: OLD, 2: RECENT, 3: "2026-03-31 10:00:00"}
    return loaded(shop, orders=[order(n, customer_id="5", created_at=at) for n, at in made.items()])


def a_day_later(shop: Shop, days: int = 1) -> list[Window]:
    """The trailing windows of an ordinary run so many days later."""
    shop.now += days * DAY
    shop.door.now += days * DAY
    return [window for window in shop.run("orders") if window.kind is WindowKind.TRAILING]


def test_customer_deleted_from_a_recent_order_is_noticed_the_next_day(shop: Shop, store: Store) -> None:
    for record in store.of("orders"):
        record["customer_id"] = None  # no date of an order moves
    (window,) = a_day_later(shop)
    assert (window.ids, window.state) == ((3, 2), WindowState.DONE)
    assert shop.rows("select customer_id from crm.orders order by order_id") == [5, None, None]


def test_comment_on_a_memo_which_moves_no_date_arrives_the_next_day(shop: Shop) -> None:
    store = loaded(shop, credit_memos=[credit_memo(1, created_at=RECENT)])
    store.of("credit_memos")[0]["comments"] = [{"comment_id": "10", "comment": "Paid", "created_at": RECENT}]
    shop.now, store.now = T0 + DAY, T0 + DAY
    shop.run("credit_memos")
    assert shop.rows("select comment_text from crm.credit_memo_comments where deleted_at is null") == ["Paid"]


def test_once_a_day_is_enough_and_the_first_load_counts(shop: Shop, store: Store) -> None:
    shop.now = T0 + DAY - timedelta(minutes=1)
    assert a_day_later(shop, days=0) == []
    shop.now = T0
    assert len(a_day_later(shop)) == 1
    assert a_day_later(shop, days=0) == []
    assert len(a_day_later(shop)) == 1


def test_the_store_s_clock_says_what_is_recent(shop: Shop, store: Store) -> None:
    shop.now = T0 + DAY  # ours stood still in the store's ten days
    store.now = T0 + 25 * DAY
    (window,) = [w for w in shop.run("orders") if w.kind is WindowKind.TRAILING]
    assert window.ids == (3,)


def test_cost_of_a_day_is_bounded_newest_first(
    shop: Shop, store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(trailing, "MOST", 1)
    (window,) = a_day_later(shop)
    assert window.ids == (3,)
    assert "only the newest 1 records" in caplog.text


def test_what_a_broken_run_left_is_taken_up_by_the_next(shop: Shop, store: Store) -> None:
    shop.now, store.now = T0 + DAY, T0 + DAY
    planned = [w for w in shop.plan("orders", run_id="broken") if w.kind is WindowKind.TRAILING]
    taken_up = [w for w in shop.run("orders") if w.kind is WindowKind.TRAILING]
    assert [w.window_id for w in taken_up] == [w.window_id for w in planned]
    assert taken_up[0].state is WindowState.DONE


def test_deleted_records_are_not_read_again(shop: Shop, store: Store) -> None:
    shop.execute("update crm.orders set deleted_at = now() where order_id = 3")
    (window,) = a_day_later(shop)
    assert window.ids == (2,)


def test_tracking_number_arrives_the_next_day_though_the_list_has_no_ids(shop: Shop) -> None:
    shop = shop.of(limits={"page_size": 1})
    made = ["2026-02-01 10:00:00", *(f"2026-03-{n:02} 10:00:00" for n in range(11, 26))]
    parcels = [shipment(n, created_at=at, tracks=[]) for n, at in enumerate(made, start=1)]
    shop.door.records = parcels
    shop.run("shipments")
    for parcel in parcels:
        parcel["tracks"] = [{"track_id": parcel["increment_id"], "number": "00.11"}]
    shop.now, shop.door.now = T0 + DAY, T0 + DAY
    windows = [window for window in shop.run("shipments") if window.kind is WindowKind.TRAILING]
    assert [window.title for window in windows] == [
        "created 2026-03-21 10:00 to now",
        "created 2026-03-11 10:00 to 2026-03-21 09:59",
    ]
    tracked = shop.rows("select shipment_key from crm.shipment_tracks order by shipment_track_id")
    assert tracked == [f"us:{n}" for n in range(2, 17)]
