from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from include.entities.catalogue import entity
from include.errors import DataError
from include.magento.door import Record
from include.sync.validate import Verdict, validate_window
from include.sync.window import Window, WindowState
from tests.sync.records import item, order
from tests.sync.shop import Shop


def extracted(shop: Shop, records: Sequence[Record]) -> Window:
    """A window whose parts wait for the checks."""
    window = shop.staged(shop.planned("orders"), records)
    shop.execute(
        "update ops.windows set state = 'extracted' where window_id = :number", number=window.window_id
    )
    return shop.window(window.window_id)


def validate(shop: Shop, window: Window) -> Verdict:
    return validate_window(shop.engine, entity("orders"), shop.channel, window, shop.stage(window))


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
