from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from upath import UPath

from include.privacy.kept_files import forget_in_files
from tests.privacy.people import her_memo, her_order, settle, traces, traces_in_files, zelda
from tests.privacy.test_erase import erase
from tests.sync.prepared_shop import prepared
from tests.sync.records import credit_memo, customer, order
from tests.sync.shop import Shop


@pytest.fixture(params=["folder", "object store"])
def kept(request: pytest.FixtureRequest, shop: Shop) -> Iterator[Shop]:
    """A shop that stages on a disk, and one that stages in a bucket."""
    if request.param == "folder":
        yield shop
    else:
        bucket = UPath(f"memory://{uuid4().hex}")
        yield replace(shop, root=bucket)
        bucket.fs.rm(bucket.path, recursive=True)


def copied(shop: Shop, folder: Path) -> Path:
    """What is staged, on the disk, where it can be searched."""
    if isinstance(shop.root, UPath):
        shop.root.fs.get(shop.root.path, str(folder), recursive=True)
        return folder
    return Path(str(shop.root))


def forget(shop: Shop) -> int:
    return forget_in_files(shop.engine, shop.root, shop.keys)


def test_raw_copies_parts_and_refused_records_forget_her(kept: Shop, tmp_path: Path) -> None:
    settle(kept)
    kept.staged(kept.planned("orders"), [her_order(4), her_order(5, grand_total="much"), order(6)])
    kept.staged(kept.planned("credit_memos"), [her_memo(1), credit_memo(2)])
    before = {
        trace.partition(":")[0].partition("-")[0] for trace in traces_in_files(copied(kept, tmp_path / "a"))
    }
    assert before == {"raw", "refused", "orders", "order_addresses", "order_comments", "credit_memo_comments"}
    erase(kept)
    assert forget(kept) == 10
    assert traces_in_files(copied(kept, tmp_path / "b")) == []
    assert forget(kept) == 0


def test_others_stay_in_the_raw_copies(shop: Shop) -> None:
    prepared(shop, settle)
    erase(shop)
    forget(shop)
    lines = [
        json.loads(line)
        for path in Path(str(shop.root)).rglob("raw-*")
        for line in gzip.decompress(path.read_bytes()).splitlines()
    ]
    ids = {line.get("order_id") or line.get("customer_id") for line in lines}
    assert ids == {"6", "3"}


def test_parts_that_wait_load_as_they_would_have_but_for_her(shop: Shop) -> None:
    waiting = shop.staged(shop.planned("orders"), [her_order(4), order(6)])
    erase(shop)
    forget(shop)
    shop.upsert(waiting)
    assert shop.rows("select order_key, grand_total_amount, customer_email from crm.orders order by 1") == [
        ("us:4", Decimal("28.8"), None),
        ("us:6", Decimal("28.8"), "ada@example.com"),
    ]
    assert traces(shop) == []
    shop.load("credit_memos", her_memo(4))
    assert traces(shop) == []


def test_what_is_read_afterwards_is_kept_without_her(shop: Shop) -> None:
    erase(shop)
    settle(shop)
    shop.staged(shop.planned("orders"), [her_order(4), her_order(5, grand_total="much")])
    assert traces_in_files(Path(str(shop.root))) == []
    assert traces(shop) == []


def test_other_files_and_channels_without_files_are_no_trouble(shop: Shop) -> None:
    shop.load("customers", zelda(), customer(6))
    note = Path(str(shop.root)) / "us" / "customers" / "note.txt"
    note.write_text("zelda")
    erase(shop)
    assert forget(shop) == 1
    assert note.read_text() == "zelda"


def test_where_nobody_was_erased_no_file_is_opened(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared(shop, settle)
    monkeypatch.setattr("include.privacy.kept_files._listed", None)
    assert forget(shop) == 0
