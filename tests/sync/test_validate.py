from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakSet

import pyarrow as pa
import pytest

from include.entities.catalogue import entity
from include.entities.model import Entity, Expectation, Severity
from include.errors import DataError
from include.magento.door import Record
from include.sync.checks import check_frames
from include.sync.rejected import rejected_records
from include.sync.staging import Stage
from include.sync.validate import validate_window
from include.sync.verdict import KEPT_KEYS, CheckResult, Verdict
from include.sync.window import Window, WindowState
from tests.sync.records import item, order
from tests.sync.shop import Shop, channel


def extracted(shop: Shop, records: Sequence[Record]) -> Window:
    """A window whose parts wait for the checks."""
    window = shop.staged(shop.planned("orders"), records)
    shop.execute(
        "update ops.windows set state = 'extracted' where window_id = :number", number=window.window_id
    )
    return shop.window(window.window_id)


def validate(shop: Shop, window: Window) -> Verdict:
    return validate_window(shop.engine, entity("orders"), shop.channel, window, shop.stage(window))


def extracted_in_parts(shop: Shop, records: Sequence[Record], patch: pytest.MonkeyPatch) -> Window:
    """A window with a part per record."""
    patch.setattr("include.sync.extract.PART_RECORDS", 1)
    shop.channel = channel(limits={"page_size": 1}, quality={"max_rejected_ratio": 1})
    return extracted(shop, records)


def cut(number: int) -> Record:
    """An order that lost its lines on the way."""
    return order(number, items=[])


def test_rejected_record_waits_with_its_reason_and_payload_and_the_rest_loads(shop: Shop) -> None:
    window = extracted(shop, [order(1), cut(2), order(3, customer_email=None)])
    verdict = validate(shop, window)
    assert verdict.reasons() == {"us:2": [{"rule": "order_has_lines", "table": "orders"}]}
    shop.upsert(shop.window(window.window_id))
    assert shop.rows("select order_key from crm.orders order by 1") == ["us:1", "us:3"]
    key, reasons, payload = shop.one("select record_key, reasons_json, payload_json from ops.quarantine")
    assert (key, reasons) == ("us:2", [{"rule": "order_has_lines", "table": "orders"}])
    assert payload["increment_id"] == "100000002"
    assert shop.one("select state, rejected_count, warned_count from ops.windows") == ("done", 1, 1)


def test_refusals_of_extraction_and_checks_both_reach_the_quarantine(shop: Shop) -> None:
    window = extracted(shop, [order(1), cut(2), order(3, grand_total="a lot")])
    validate(shop, window)
    assert shop.one("select state, rejected_count from ops.windows") == ("validated", 2)
    shop.upsert(shop.window(window.window_id))
    assert shop.rows("select record_key from ops.quarantine order by 1") == ["us:2", "us:3"]
    assert shop.rows("select order_key from crm.orders") == ["us:1"]


def test_failing_child_holds_its_whole_record_back_and_no_other(shop: Shop) -> None:
    twice = order(2, items=[item(201), item(201), item(202)], subtotal="60.0000", grand_total="68.8000")
    window = extracted(shop, [order(1), twice])
    assert validate(shop, window).reasons() == {
        "us:2": [{"rule": "order_item_key_is_unique", "table": "order_items"}]
    }
    shop.upsert(shop.window(window.window_id))
    assert shop.rows("select order_item_key from crm.order_items") == ["us:101"]


def test_results_hold_keys_and_counts_and_never_values(shop: Shop) -> None:
    mail, name = "secret.person@example.com", "Unmistakable"
    odd = order(1, customer_email=mail, customer_lastname=name, base_currency_code=name, updated_at=None)
    validate(shop, extracted(shop, [odd, order(2)]))
    kept = shop.rows("select to_jsonb(results)::text from ops.validation_results as results")
    assert kept
    assert not any(mail in row or name in row for row in kept)
    query = "select is_success, evaluated_count, failed_count, failed_keys_json, severity from ops.validation_results"
    assert shop.one(f"{query} where table_name = 'orders' and rule = 'updated_at_is_present'") == (
        False,
        2,
        1,
        ["us:1"],
        "warn",
    )


def test_results_of_a_repeated_check_replace_the_earlier_ones(shop: Shop) -> None:
    window = extracted(shop, [order(1)])
    validate(shop, window)
    first = shop.one("select count(*) from ops.validation_results")
    validate(shop, window)
    assert shop.one("select count(*) from ops.validation_results") == first > 20


def test_too_many_rejects_stop_the_window_and_load_nothing(shop: Shop) -> None:
    window = extracted(shop, [*(order(n) for n in range(1, 31)), *(cut(n) for n in range(31, 43))])
    with pytest.raises(
        DataError,
        match=r"^12 of 42 records in window .+ more than max_rejected_ratio allows: .+ run again\.$",
    ):
        validate(shop, window)
    assert shop.window(window.window_id).state is WindowState.EXTRACTED
    shop.batch("orders", [window]).upsert()
    assert shop.rows("select * from crm.orders") == shop.rows("select * from ops.quarantine") == []


def test_unreadable_records_count_as_rejected_too(shop: Shop) -> None:
    shop.door.unreadable = set(range(1, 12))
    window = extracted(shop, [order(n) for n in range(1, 31)])
    with pytest.raises(DataError, match=r"^11 of 30 records"):
        validate(shop, window)


def test_ratio_of_the_channel_is_what_is_allowed(shop: Shop) -> None:
    tolerant = shop.of(quality={"max_rejected_ratio": 0.5})
    window = extracted(tolerant, [*(order(n) for n in range(1, 13)), *(cut(n) for n in range(13, 25))])
    assert len(validate(tolerant, window).reasons()) == 12


def test_small_window_tolerates_a_few_rejects_whatever_their_share(shop: Shop) -> None:
    window = extracted(shop, [cut(n) for n in range(1, 10)])
    assert len(validate(shop, window).reasons()) == 9
    assert shop.window(window.window_id).state is WindowState.VALIDATED


def test_ratio_of_zero_tolerates_not_even_one(shop: Shop) -> None:
    strict = shop.of(quality={"max_rejected_ratio": 0})
    window = extracted(strict, [order(1), cut(2)])
    with pytest.raises(DataError, match=r"^1 of 2 records .+ more than max_rejected_ratio allows"):
        validate(strict, window)
    healthy = extracted(strict, [order(1)])
    assert validate(strict, healthy).reasons() == {}


def test_results_are_added_up_over_the_parts(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    window = extracted_in_parts(shop, [order(1), cut(2), order(3, customer_email=None), cut(4)], monkeypatch)
    verdict = validate(shop, window)
    assert sorted(verdict.reasons()) == ["us:2", "us:4"]
    query = "select evaluated_count, failed_count, failed_keys_json from ops.validation_results"
    assert shop.one(f"{query} where table_name = 'orders' and rule = 'order_has_lines'") == (
        4,
        2,
        ["us:2", "us:4"],
    )
    assert shop.one("select count(*) - count(distinct (table_name, rule)) from ops.validation_results") == 0
    payloads = {
        entry["record_key"]: entry["payload"]["increment_id"] for entry in shop.stage(window).refused()
    }
    assert payloads == {"us:2": "100000002", "us:4": "100000004"}


def test_record_that_comes_twice_is_found_though_in_two_parts(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = extracted_in_parts(shop, [order(1), order(2), order(1)], monkeypatch)
    reasons = validate(shop, window).reasons()
    assert list(reasons) == ["us:1"]
    assert {"rule": "order_key_is_unique", "table": "orders"} in reasons["us:1"]
    assert {"rule": "order_item_key_is_unique", "table": "order_items"} in reasons["us:1"]


def test_checks_hold_no_more_than_one_part_in_memory(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    window = extracted_in_parts(shop, [order(n) for n in range(1, 6)], monkeypatch)
    seen: list[int] = []

    def check(entity: Entity, frames: Mapping[str, pa.Table], repeated: object) -> Iterator[CheckResult]:
        seen.append(frames["orders"].num_rows)
        return check_frames(entity, frames)

    monkeypatch.setattr("include.sync.checks.check_frames", check)
    validate(shop, window)
    assert seen == [1] * 5


def test_of_the_records_as_read_only_the_rejected_ones_are_held(tmp_path: Path) -> None:
    class Watched(dict[str, Any]):
        pass

    living: WeakSet[Watched] = WeakSet()
    most = 0

    class Watching(Stage):
        def records(self) -> Iterator[Record]:
            nonlocal most
            for number in range(100):
                record = Watched(order_id=str(number))
                living.add(record)
                most = max(most, len(living))
                yield record

    Watched.__hash__ = object.__hash__
    entries = rejected_records(
        entity("orders"), channel(), Watching(tmp_path, ""), {"us:7": [{"rule": "r", "table": "t"}]}
    )
    assert [entry["payload"] for entry in entries] == [{"order_id": "7"}]
    assert most <= 3


def test_no_more_keys_are_kept_than_somebody_looks_at() -> None:
    def result(severity: Severity) -> CheckResult:
        rule = Expectation(
            rule=severity.value, table="t", severity=severity, type="", arguments={}, meaning=""
        )
        keys = tuple(f"us:{n}" for n in range(KEPT_KEYS - 1))
        return CheckResult(
            expectation=rule, evaluated=200, failed_keys=keys, failed_roots=keys, failed_count=len(keys)
        )

    warns, rejects = Verdict.of([result(Severity.WARN), result(Severity.REJECT)] * 3).results
    assert (warns.evaluated, warns.failed_count, len(warns.failed_keys)) == (600, 297, KEPT_KEYS)
    assert (len(rejects.failed_keys), len(set(rejects.failed_roots))) == (KEPT_KEYS, KEPT_KEYS - 1)
    assert warns.failed_roots == ()


def test_window_without_rows_passes(shop: Shop) -> None:
    window = extracted(shop, [])
    assert validate(shop, window).results == ()
    assert shop.window(window.window_id).state is WindowState.VALIDATED


def test_window_whose_children_are_all_missing_is_checked(shop: Shop) -> None:
    """Tables without rows have no parts; the measures must see them as empty, not as absent."""
    window = extracted(shop, [cut(1)])
    assert (
        json.dumps(validate(shop, window).reasons())
        == '{"us:1": [{"rule": "order_has_lines", "table": "orders"}]}'
    )


def test_checked_window_points_at_the_parts_that_were_checked(shop: Shop) -> None:
    window = extracted(shop, [order(1)])
    extracted_anew = shop.staged(window, [order(1, status="not checked")])
    assert extracted_anew.staged_at_path != window.staged_at_path
    validate(shop, window)
    assert shop.window(window.window_id).staged_at_path == window.staged_at_path
