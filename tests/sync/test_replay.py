from __future__ import annotations

import shutil
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from include.entities.catalogue import entity as entity_named
from include.errors import ConfigError
from include.privacy.erase import erase_person
from include.privacy.kept_files import forget_in_files
from include.sync import replay as replaying
from include.sync.by_id import Loader
from include.sync.kept import RawCopies, mapping_of_kept
from include.sync.registered import register
from include.sync.replay import Wanted, replay
from include.sync.store_map import note_websites
from tests.sync.records import customer, dictionaries, order
from tests.sync.shop import REPORT, T0, Shop


def again(shop: Shop, entity: str = "orders", **wanted: Any) -> int:
    copies = RawCopies(engine=shop.engine, root=shop.root, channel=shop.channel, entity=entity_named(entity))
    loader = Loader(
        engine=shop.engine,
        door=copies,
        channel=shop.channel,
        mapping=shop.mapping,
        root=shop.root,
        run_id="replay",
        now=lambda: shop.now,
    )
    return replay(loader, copies, Wanted(**wanted))


def last_window(shop: Shop) -> int:
    number: int = shop.one("select max(window_id) from ops.windows")
    return number


def test_raw_copies_go_through_the_mapping_again(shop: Shop) -> None:
    """As after a mapping was mended: what it had made wrong is made right, and nothing else is touched."""
    shop.load("orders", order(1), order(2))
    shop.execute("update crm.orders set grand_total_amount = 1, row_hash = 0 where order_key = 'us:1'")
    asked = len(shop.door.asked)
    assert again(shop) == 1
    assert shop.rows("select grand_total_amount from crm.orders") == [Decimal("28.8")] * 2
    assert len(shop.door.asked) == asked
    assert shop.rows("select kind, state, ids from ops.windows order by window_id desc limit 1") == [
        ("replay", "done", [1])
    ]


def test_replay_changes_nothing_by_itself_however_often(shop: Shop) -> None:
    shop.load("orders", order(1), order(2))
    shop.load("orders", order(2, updated_at="2026-03-05 00:00:00", grand_total="30.0000"))
    assert [again(shop), again(shop)] == [0, 0]


@pytest.mark.parametrize("stamp", ["2026-03-02 12:00:00", None])
def test_record_is_replayed_as_it_was_last_read(shop: Shop, stamp: str | None) -> None:
    """Also one without a stamp, by which the merge could tell which version is older."""
    shop.load("orders", order(1, updated_at=stamp, grand_total="10.0000"))
    first = last_window(shop)
    shop.load("orders", order(1, updated_at=stamp, grand_total="20.0000"))
    assert again(shop, windows=[first]) == 0
    assert shop.one("select grand_total_amount from crm.orders") == 20


def test_record_found_gone_since_stays_gone(shop: Shop) -> None:
    shop.load("orders", order(1), order(2))
    shop.execute("update crm.orders set deleted_at = now() where order_key = 'us:1'")
    assert again(shop) == 0
    assert shop.one("select deleted_at is not null from crm.orders where order_key = 'us:1'")


def test_record_that_waited_is_let_go_when_it_loads(shop: Shop) -> None:
    shop.load("orders", order(1))
    shop.execute(
        "insert into ops.quarantine (channel_code, entity, record_key, reasons_json)"
        " values ('us', 'orders', 'us:1', '[]')"
    )
    again(shop)
    assert shop.one("select resolution from ops.quarantine") == "arrived_healthy"


def test_windows_are_chosen_by_number_or_by_when_they_were_read(shop: Shop) -> None:
    shop.load("orders", order(1))
    shop.load("orders", order(2))
    second = last_window(shop)
    shop.execute("update crm.orders set state = 'x', row_hash = 0")
    assert again(shop, high_at=shop.one("select now()") - timedelta(days=1)) == 0
    assert again(shop, windows=[second]) == 1
    assert shop.rows("select state from crm.orders order by order_key") == ["x", "processing"]
    assert again(shop, low_at=shop.one("select now()") - timedelta(days=1)) == 1


def test_window_without_a_raw_copy_is_one_sentence(shop: Shop) -> None:
    shop.load("orders", order(1))
    with pytest.raises(ConfigError, match=r"No raw copy is kept of window 404 of us orders: .* last 14 days"):
        again(shop, windows=[404])


def test_windows_that_were_not_loaded_are_not_replayed(shop: Shop) -> None:
    shop.staged(shop.planned("orders"), [order(1)])
    assert again(shop) == 0
    assert shop.rows("select * from crm.orders") == []


def test_incomplete_records_are_replayed_as_such(shop: Shop) -> None:
    shop.load("orders", order(1))
    shop.execute("update ops.windows set is_partial = true")
    again(shop)
    assert shop.rows("select kind, is_partial from ops.windows order by window_id") == [
        ("ids", True),
        ("replay", True),
    ]


def test_dictionaries_are_replayed_as_they_were_last_read(shop: Shop) -> None:
    shop.load("stores", dictionaries())
    shop.load(
        "stores", dictionaries(customer_groups=[{"customer_group_id": "0", "customer_group_code": "New"}])
    )
    shop.execute("update crm.customer_groups set customer_group_code = 'x', row_hash = 0")
    assert again(shop, "stores") == 1
    assert shop.one("select customer_group_code from crm.customer_groups") == "New"


def test_large_replays_are_committed_in_several_windows(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "MOST_RECORDS", 2)
    for number in (1, 2, 3):
        shop.load("orders", order(number), order(number + 10))
    shop.execute("update crm.orders set state = 'x', row_hash = 0")
    assert again(shop) == 6
    assert shop.rows("select ids from ops.windows where kind = 'replay' order by window_id") == [
        [3],
        [2],
        [1],
    ]


def test_restored_raw_file_brings_no_erased_person_back(shop: Shop, tmp_path: Path) -> None:
    shop.load("customers", customer(1), customer(2))
    shutil.copytree(str(shop.root), tmp_path / "backup")
    erase_person(shop.engine, shop.keys, shop.keys.email_hash("person1@example.com"))
    forget_in_files(shop.engine, shop.root, shop.keys)
    shutil.rmtree(str(shop.root))
    shutil.copytree(tmp_path / "backup", str(shop.root))
    assert again(shop, "customers") == 0
    assert shop.rows("select email from crm.customers order by customer_key") == [None, "person2@example.com"]


def test_mapping_knows_the_store_views_from_the_warehouse(shop: Shop) -> None:
    register(shop.engine, shop.channel, T0)
    with pytest.raises(ConfigError, match="run one of its sync DAGs first"):
        mapping_of_kept(shop.engine, shop.channel, shop.keys)
    note_websites(shop.engine, "us", REPORT.stores)
    mapping = mapping_of_kept(shop.engine, shop.channel, shop.keys)
    asked = ("1", "2", "3", "9", None)
    assert list(map(mapping.website_of, asked)) == ["1", "1", "2", None, None]
