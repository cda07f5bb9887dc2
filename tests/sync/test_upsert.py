from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from include.sync import ledger, quarantine, upsert
from include.sync.window import Window, WindowKind, WindowState
from tests.sync.records import dictionaries, order
from tests.sync.shop import T0, Shop


class Broken(Exception):
    """Injected."""


def fails(*_: Any, **__: Any) -> Any:
    raise Broken


def content(shop: Shop) -> dict[str, list[Any]]:
    """All that a window may change."""
    tables = shop.rows(
        "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('crm', 'ops', 'staging')"
    )
    return {t: sorted(shop.rows(f"select to_jsonb(row)::text from {t} as row")) for t in tables}  # noqa: S608


def refused(shop: Shop, window: Window, *keys: str) -> None:
    """Set these records aside, as the checks do."""
    entries = [
        {"record_key": key, "reasons": [{"rule": "odd"}], "payload": {"order_id": key}} for key in keys
    ]
    shop.stage(window).write_refused(entries, by="validate")


def waiting(shop: Shop) -> list[str]:
    return shop.rows("select record_key from ops.quarantine where resolved_at is null order by 1")


@pytest.mark.parametrize(
    ("module", "step"),
    [(quarantine, "set_aside"), (quarantine, "resolve"), (ledger, "complete"), (upsert, "_derive")],
    ids=["set aside", "resolve", "complete", "derive"],
)
def test_failure_after_the_merge_changes_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, module: Any, step: str
) -> None:
    shop.load("orders", order(1))
    window = shop.staged(shop.planned("orders"), [order(1, status="complete"), order(2)])
    refused(shop, window, "us:2")
    before = content(shop)
    monkeypatch.setattr(module, step, fails)
    with pytest.raises(Broken):
        shop.upsert(window)
    assert content(shop) == before
    assert shop.window(window.window_id).state is WindowState.VALIDATED


def test_window_that_failed_halfway_loads_at_the_next_attempt(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = shop.staged(shop.planned("orders"), [order(1)])
    with monkeypatch.context() as broken:
        broken.setattr(ledger, "complete", fails)
        with pytest.raises(Broken):
            shop.upsert(window)
    outcomes = shop.upsert(window)
    assert outcomes is not None
    assert outcomes["orders"]["inserted"] == 1


def test_loaded_window_is_done_and_its_parts_are_gone(shop: Shop) -> None:
    window = shop.staged(shop.planned("orders"), [order(1)])
    stage = shop.stage(window)
    shop.upsert(window)
    loaded = shop.window(window.window_id)
    assert (loaded.state, loaded.staged_at_path) == (WindowState.DONE, None)
    assert shop.one("select finished_at, error from ops.windows") == (T0, None)
    assert [path.name for path in stage.folder.iterdir()] == ["raw-0001.jsonl.gz"]


@pytest.mark.parametrize("state", ["done", "superseded"])
def test_window_that_another_run_finished_is_skipped(shop: Shop, state: str) -> None:
    window = shop.staged(shop.planned("orders"), [order(1)])
    shop.execute("update ops.windows set state = :state", state=state)
    assert shop.upsert(window) is None
    assert shop.rows("select * from crm.orders") == []
    assert shop.one("select state from ops.windows") == state


def test_refused_record_waits_with_its_children_and_the_others_load(shop: Shop) -> None:
    window = shop.staged(shop.planned("orders"), [order(1), order(2), order(3)])
    refused(shop, window, "us:2")
    shop.upsert(window)
    for table in ("orders", "order_items", "order_addresses", "order_comments", "order_payments"):
        assert set(shop.rows(f"select order_key from crm.{table}")) == {"us:1", "us:3"}  # noqa: S608
    assert shop.one(
        "select record_key, entity, channel_code, reasons_json, window_id from ops.quarantine"
    ) == (
        "us:2",
        "orders",
        "us",
        [{"rule": "odd"}],
        window.window_id,
    )


def test_waiting_record_keeps_its_last_good_version(shop: Shop) -> None:
    shop.load("orders", order(1, status="pending"))
    window = shop.staged(shop.planned("orders"), [order(1, status="broken", items=[])])
    refused(shop, window, "us:1")
    shop.upsert(window)
    assert shop.one("select status, deleted_at from crm.orders") == ("pending", None)
    assert shop.one("select count(*) from crm.order_items where deleted_at is null") == 1


def test_record_that_arrives_healthy_is_let_go(shop: Shop) -> None:
    window = shop.staged(shop.planned("orders"), [order(1), order(2)])
    refused(shop, window, "us:1", "us:2")
    shop.upsert(window)
    assert waiting(shop) == ["us:1", "us:2"]
    shop.load("orders", order(1))
    assert waiting(shop) == ["us:2"]
    resolved = "select resolution, resolved_at is not null from ops.quarantine where record_key = 'us:1'"
    assert shop.one(resolved) == ("arrived_healthy", True)


def test_record_that_is_refused_again_waits_once_and_keeps_its_first_date(shop: Shop) -> None:
    windows = [shop.staged(shop.planned("orders"), [order(1)]) for _ in range(2)]
    for window in windows:
        refused(shop, window, "us:1")
        shop.upsert(window)
    query = "select window_id, last_seen_at > first_seen_at from ops.quarantine"
    assert shop.one(query) == (windows[-1].window_id, True)


def test_record_that_turns_bad_again_waits_anew_beside_its_old_entry(shop: Shop) -> None:
    for _ in range(2):
        window = shop.staged(shop.planned("orders"), [order(1)])
        refused(shop, window, "us:1")
        shop.upsert(window)
        shop.load("orders", order(1))
    assert shop.rows("select resolution from ops.quarantine") == ["arrived_healthy"] * 2


def test_reasons_of_one_record_are_joined(shop: Shop) -> None:
    window = shop.staged(shop.planned("orders"), [order(1)])
    stage = shop.stage(window)
    for verb, rule in (("extract", "a"), ("validate", "b")):
        stage.write_refused([{"record_key": "us:1", "reasons": [{"rule": rule}], "payload": None}], by=verb)
    shop.upsert(window)
    assert sorted(reason["rule"] for reason in shop.one("select reasons_json from ops.quarantine")) == [
        "a",
        "b",
    ]


def test_other_channels_and_entities_wait_on(shop: Shop) -> None:
    uk = shop.of(code="uk")
    window = uk.staged(uk.planned("orders"), [order(1)])
    refused(uk, window, "uk:1")
    uk.upsert(window)
    shop.load("orders", order(1))
    shop.load("stores", dictionaries())
    assert waiting(shop) == ["uk:1"]


def test_snapshot_with_an_unreadable_row_waits_whole_and_is_let_go_when_mended(shop: Shop) -> None:
    shop.load("stores", dictionaries())
    broken = dictionaries(customer_groups=[{"customer_group_id": "zero"}], stores=[])
    assert shop.load("stores", broken) == {}
    assert waiting(shop) == ["us:stores"]
    assert shop.rows("select count(*) from crm.stores where deleted_at is null") == [3]
    shop.load("stores", dictionaries())
    assert waiting(shop) == []


def test_counts_of_the_ledger_add_up(shop: Shop) -> None:
    shop.load("orders", order(1), order(2, updated_at="2026-03-05 00:00:00"))
    shop.door.unreadable = {7}
    records = [
        order(1),
        order(2, status="late", updated_at="2026-03-04 00:00:00"),
        order(3),
        order(4),
        order(5, grand_total="a lot"),
        order(6, created_at="2019-01-01 00:00:00"),
        order(7),
    ]
    shop = shop.of(sync_start_date="2020-01-01")
    shop.door.unreadable = {7}
    window = shop.staged(shop.planned("orders"), records)
    refused(shop, window, "us:4")
    shop.upsert(window)
    read, distinct, skipped, rejected, outcome = shop.one(
        "select read_count, distinct_count, skipped_count, rejected_count, outcome_json from ops.windows"
        " where window_id = :number",
        number=window.window_id,
    )
    orders = outcome["orders"]
    assert (read, distinct, skipped, rejected) == (6, 5, 1, 3)
    assert orders == {"inserted": 1, "updated": 0, "unchanged": 1, "stale": 1, "deleted": 0}
    assert read == sum(orders.values()) + rejected
    assert waiting(shop) == ["us:4", "us:5", "us:7"]


def test_unknown_fields_are_in_the_ledger(shop: Shop) -> None:
    shop.load("orders", order(1, loyalty="9"), order(2))
    assert shop.one("select unknown_fields_json from ops.windows") == {"orders.loyalty": 1}


def test_two_attempts_at_once_load_the_window_once(shop: Shop, at_once: Callable[..., list[Any]]) -> None:
    window = shop.staged(shop.planned("orders"), [order(1)])
    outcomes = at_once(shop.upsert, [window, window])
    assert sum(outcome is None for outcome in outcomes) == 1
    assert shop.rows("select count(*) from crm.orders") == [1]


def test_checks_pass_what_is_loaded_not_what_was_staged_anew(shop: Shop) -> None:
    """A run that was overtaken while it checked: the window it calls validated is the one it looked at."""
    window = shop.planned("orders", WindowKind.INITIAL, id_low=0, id_high=1)
    mine = shop.staged(window, [order(1, status="checked")])
    shop.staged(window, [order(1, status="not checked yet")])
    ledger.note(
        shop.engine,
        window.window_id or 0,
        state=WindowState.VALIDATED.value,
        staged_at_path=mine.staged_at_path,
    )
    shop.upsert(shop.window(window.window_id))
    assert shop.rows("select status from crm.orders") == ["checked"]
