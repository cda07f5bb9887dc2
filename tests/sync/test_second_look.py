"""Records that wait are looked at again: read once more from the store, checked once more as kept, or dismissed."""

from __future__ import annotations

from typing import Any

import pytest

from include.entities.catalogue import entity as entity_named
from include.sync import quarantine
from include.sync.by_id import Loader
from include.sync.kept import Payloads
from include.sync.quarantine import Waiting
from include.sync.window import WindowKind
from tests.sync.records import order
from tests.sync.shop import Shop


@pytest.fixture
def waiting(shop: Shop) -> Shop:
    """Twelve orders that wait, more than any window may reject, and a healthy one."""
    for number in range(1, 13):
        shop.load("orders", order(number, grand_total="much"))
    shop.load("orders", order(13))
    return shop


def entries(shop: Shop, **chosen: Any) -> list[Waiting]:
    with shop.engine.connect() as connection:
        return quarantine.waiting(connection, **chosen)


def recheck(shop: Shop) -> int:
    loader = Loader(
        engine=shop.engine,
        door=Payloads(engine=shop.engine),
        channel=shop.channel,
        mapping=shop.mapping,
        root=shop.root,
        run_id="recheck",
    )
    numbers = [entry.quarantine_id for entry in entries(shop) if entry.has_payload]
    return loader.read(entity_named("orders"), WindowKind.RECHECK, numbers)


def mend(shop: Shop, key: str) -> None:
    """As a mended mapping would: what was unreadable is readable now."""
    shop.execute(
        'update ops.quarantine set payload_json = payload_json || \'{"grand_total": "28.8"}\' where record_key = :key',
        key=key,
    )


def test_kept_record_that_is_healthy_now_loads_and_is_let_go(waiting: Shop) -> None:
    mend(waiting, "us:5")
    assert recheck(waiting) > 0
    assert waiting.rows("select order_key from crm.orders order by order_id") == ["us:5", "us:13"]
    assert waiting.rows(
        "select record_key, resolution from ops.quarantine where resolved_at is not null"
    ) == [("us:5", "arrived_healthy")]
    assert len(entries(waiting)) == 11


def test_that_most_are_refused_again_fails_nothing(waiting: Shop) -> None:
    assert recheck(waiting) == 0
    assert waiting.rows("select state, rejected_count from ops.windows where kind = 'recheck'") == [
        ("done", 12)
    ]
    assert len(entries(waiting)) == 12


def test_entries_are_chosen_by_channel_entity_and_key(waiting: Shop) -> None:
    waiting.of(code="eu").load("orders", order(1, grand_total="much"))
    assert len(entries(waiting)) == 13
    assert len(entries(waiting, channel_code="us", entity="orders")) == 12
    assert entries(waiting, entity="customers") == []
    assert [one.record_id for one in entries(waiting, keys=["us:3", "eu:1", "us:13"])] == [1, 3]


def test_record_without_an_id_cannot_be_asked_for(shop: Shop) -> None:
    shop.load("orders", order(1, order_id=None))
    (entry,) = entries(shop)
    assert (entry.record_key, entry.record_id, entry.has_payload) == ("us:?", None, True)


def test_dismissed_record_waits_no_longer_and_keeps_the_reason(waiting: Shop) -> None:
    chosen = entries(waiting, keys=["us:1", "us:2"])
    with waiting.engine.begin() as connection:
        assert quarantine.dismiss(connection, chosen, "test orders of the shop") == 2
        assert quarantine.dismiss(connection, chosen, "again") == 0
    assert waiting.rows(
        "select record_key, resolution, resolution_reason from ops.quarantine where resolved_at is not null"
    ) == [("us:1", "dismissed", "test orders of the shop"), ("us:2", "dismissed", "test orders of the shop")]
    assert len(entries(waiting)) == 10


def test_dismissed_record_that_comes_again_waits_again(waiting: Shop) -> None:
    with waiting.engine.begin() as connection:
        quarantine.dismiss(connection, entries(waiting, keys=["us:1"]), "a test order")
    waiting.load("orders", order(1, grand_total="much"))
    assert len(entries(waiting, keys=["us:1"])) == 1
