from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from include.errors import DataError
from include.segments.loading import SEGMENTS_FOLDER, Segment, get_segment
from tests.segments.refreshing import refresh_with_reports
from tests.sql.sample_warehouse import add_rows, rows_of

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
MEMBERS = "select channel_code, member_key, entered_at, left_at from marketing.segment_members order by membership_id"


def order(number: int, customer: int, **more: Any) -> dict[str, Any]:
    known = {"order_key": f"main:{number}", "customer_key": f"main:{customer}", "base_currency_code": "EUR"}
    return known | more


def touch(engine: Engine, customer: int) -> None:
    add_rows(engine, {"ops.touched": [{"subject": "customer", "touched_key": f"main:{customer}"}]})


@pytest.fixture
def shop(warehouse: Engine) -> Engine:
    given = {
        "ops.channels": [{"channel_code": "main"}],
        "crm.customers": [{"customer_key": f"main:{number}"} for number in (1, 2)],
        "crm.orders": [order(1, 1), order(2, 1), order(3, 2)],
    }
    add_rows(warehouse, given)
    return warehouse


@pytest.fixture
def repeat_customers() -> Segment:
    return get_segment("repeat_customers")


def test_member_enters_leaves_and_enters_again(shop: Engine, repeat_customers: Segment) -> None:
    times = [NOW + timedelta(hours=hour) for hour in range(3)]
    for state, at in zip(["complete", "canceled", "complete"], times, strict=True):
        with shop.begin() as connection:
            connection.execute(
                text("update crm.orders set state = :state where order_key = 'main:1'"), {"state": state}
            )
        touch(shop, 1)
        refresh_with_reports(shop, repeat_customers, now=at)

    assert rows_of(shop, MEMBERS) == [
        {"channel_code": "main", "member_key": "main:1", "entered_at": times[0], "left_at": times[1]},
        {"channel_code": "main", "member_key": "main:1", "entered_at": times[2], "left_at": None},
    ]
    sizes = rows_of(shop, "select * from marketing.segment_sizes order by measured_at")
    assert [
        (row["channel_code"], row["member_count"], row["entered_count"], row["left_count"]) for row in sizes
    ] == [("main", 1, 1, 0), ("main", 0, 0, 1), ("main", 1, 1, 0)]


def test_refresh_without_change_leaves_history_alone(shop: Engine, repeat_customers: Segment) -> None:
    refresh_with_reports(shop, repeat_customers, now=NOW)
    before = rows_of(shop, MEMBERS)

    for full in (False, True):
        outcome = refresh_with_reports(shop, repeat_customers, now=NOW + timedelta(hours=1), full=full)
        assert (outcome.entered_count, outcome.left_count, outcome.member_count) == (0, 0, 1)

    assert rows_of(shop, MEMBERS) == before
    assert len(rows_of(shop, "select from marketing.segment_sizes")) == 1


def test_member_who_changes_stays_a_member(shop: Engine, repeat_customers: Segment) -> None:
    refresh_with_reports(shop, repeat_customers, now=NOW)
    add_rows(shop, {"crm.orders": [order(4, 1)]})
    touch(shop, 1)

    outcome = refresh_with_reports(shop, repeat_customers, now=NOW + timedelta(hours=1))

    assert (outcome.refresh.rows_written, outcome.entered_count) == (1, 0)
    assert rows_of(shop, "select order_count from marketing.repeat_customers") == [{"order_count": 3}]


def test_only_touched_members_are_looked_at(shop: Engine, repeat_customers: Segment) -> None:
    refresh_with_reports(shop, repeat_customers, now=NOW)
    with shop.begin() as connection:
        connection.execute(text("update crm.orders set deleted_at = now() where order_key = 'main:1'"))
    add_rows(shop, {"crm.orders": [order(4, 2)]})
    touch(shop, 2)

    outcome = refresh_with_reports(shop, repeat_customers, now=NOW + timedelta(hours=1))

    assert (outcome.entered_count, outcome.left_count) == (1, 0)


def test_failed_check_leaves_members_and_history_as_they_were(
    shop: Engine, repeat_customers: Segment, tmp_path: Path
) -> None:
    refresh_with_reports(shop, repeat_customers, now=NOW)
    before = rows_of(shop, MEMBERS)
    folder = shutil.copytree(SEGMENTS_FOLDER / "repeat_customers", tmp_path / "repeat_customers")
    (folder / "checks.sql").write_text(
        "-- fail: Too many.\nselect account_key from marketing.repeat_customers;\n"
    )
    add_rows(shop, {"crm.orders": [order(4, 2)]})

    with pytest.raises(DataError, match="Too many"):
        refresh_with_reports(shop, get_segment("repeat_customers", tmp_path), now=NOW)

    assert rows_of(shop, MEMBERS) == before
    assert len(rows_of(shop, "select from marketing.repeat_customers")) == 1


def test_parameter_decides_who_is_in_it(shop: Engine, tmp_path: Path) -> None:
    folder = shutil.copytree(SEGMENTS_FOLDER / "repeat_customers", tmp_path / "repeat_customers")
    contract = folder / "segment.yml"
    contract.write_text(contract.read_text().replace("default: 2", "default: 1"))

    outcome = refresh_with_reports(shop, get_segment("repeat_customers", tmp_path), now=NOW)

    assert outcome.member_count == 2


def test_segment_table_holds_no_personal_column(shop: Engine, repeat_customers: Segment) -> None:
    refresh_with_reports(shop, repeat_customers, now=NOW)
    [row] = rows_of(shop, "select * from marketing.repeat_customers")
    assert not set(row) & set(repeat_customers.contract.personal_columns)
