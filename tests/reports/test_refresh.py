from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from include.entities.catalogue import ENTITY_NAMES
from include.errors import ConfigError, DataError, TransientError
from include.reports.completeness import complete_until
from include.reports.loading import Report, get_report
from include.reports.refresh import RefreshOutcome, refresh_report, refresh_table
from tests.reports.conftest import EXAMPLE
from tests.sql.sample_warehouse import add_rows, rows_of

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
MAY_FIRST = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)
CONTENTS = "select * from report.daily_sales order by sales_date, store_key nulls last"


def order(number: int, at: datetime | None = MAY_FIRST, **more: Any) -> dict[str, Any]:
    return {"order_key": f"main:{number}", "source_created_at": at, "base_currency_code": "EUR", **more}


def touched(at: datetime) -> dict[str, Any]:
    return {"subject": "order_created", "touched_at": at.replace(minute=0, second=0, microsecond=0)}


@pytest.fixture
def shop(warehouse: Engine) -> Engine:
    add_rows(warehouse, {"ops.channels": [{"channel_code": "main"}], "crm.orders": [order(1), order(2)]})
    return warehouse


@pytest.fixture
def daily_sales() -> Report:
    return get_report("daily_sales", EXAMPLE)


def changed_copy(folder: Path, **replacements: tuple[str, str]) -> Report:
    """The report with texts replaced in its files, by the file's stem."""
    copy = folder / "daily_sales"
    shutil.copytree(EXAMPLE / "daily_sales", copy, dirs_exist_ok=True)
    for stem, (old, new) in replacements.items():
        [file] = copy.glob(f"{stem}.*")
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))
    return get_report("daily_sales", folder)


def refresh(engine: Engine, report: Report, **options: Any) -> RefreshOutcome:
    return refresh_report(engine, report, now=options.pop("now", NOW), **options)


def test_server_spends_no_time_on_compiling_what_runs_once(shop: Engine, daily_sales: Report) -> None:
    seen = []
    refresh_table(
        shop,
        daily_sales.table,
        now=NOW,
        after=lambda connection, _: seen.append(connection.exec_driver_sql("show jit").scalar_one()),
    )
    assert seen == ["off"]


def test_second_refresh_writes_nothing(shop: Engine, daily_sales: Report) -> None:
    first = refresh(shop, daily_sales)
    second = refresh(shop, daily_sales)

    assert (first.is_full, first.rows_written, first.reason) == (True, 1, "first refresh")
    assert (second.is_full, second.rows_written, second.rows_deleted) == (False, 0, 0)


def test_full_refresh_of_equal_data_writes_nothing(shop: Engine, daily_sales: Report) -> None:
    refresh(shop, daily_sales)
    before = rows_of(shop, "select xmin::text, * from report.daily_sales")

    outcome = refresh(shop, daily_sales, full=True)

    assert (outcome.is_full, outcome.rows_written, outcome.rows_unchanged) == (True, 0, 1)
    assert rows_of(shop, "select xmin::text, * from report.daily_sales") == before


def test_only_touched_days_are_computed_anew(shop: Engine, daily_sales: Report) -> None:
    june = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
    refresh(shop, daily_sales)
    add_rows(shop, {"crm.orders": [order(3), order(4, june)], "ops.touched": [touched(june)]})

    outcome = refresh(shop, daily_sales)

    assert (outcome.rows_written, outcome.rows_unchanged) == (1, 0)
    # The third order was written behind the ledger's back: its day was not touched and so not looked at.
    assert [row["order_count"] for row in rows_of(shop, CONTENTS)] == [2, 1]


def test_day_whose_orders_are_gone_loses_its_row(shop: Engine, daily_sales: Report) -> None:
    refresh(shop, daily_sales)
    with shop.begin() as connection:
        connection.execute(text("update crm.orders set state = 'canceled'"))
    add_rows(shop, {"ops.touched": [touched(MAY_FIRST)]})

    assert refresh(shop, daily_sales).rows_deleted == 1
    assert rows_of(shop, CONTENTS) == []


def test_touched_hour_counts_for_both_days_where_midnight_is_inside_it(
    warehouse: Engine, daily_sales: Report
) -> None:
    add_rows(warehouse, {"ops.channels": [{"channel_code": "main", "timezone": "Asia/Kolkata"}]})
    refresh(warehouse, daily_sales)
    before, after = (datetime(2026, 5, 1, 18, minute, tzinfo=UTC) for minute in (29, 31))
    add_rows(warehouse, {"crm.orders": [order(1, before), order(2, after)], "ops.touched": [touched(before)]})

    refresh(warehouse, daily_sales)

    days = [row["sales_date"] for row in rows_of(warehouse, CONTENTS)]
    assert days == [date(2026, 5, 1), date(2026, 5, 2)]


def test_window_committed_after_a_younger_one_is_not_missed(shop: Engine, daily_sales: Report) -> None:
    june = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
    refresh(shop, daily_sales)
    slow = shop.connect()
    slow.begin()
    slow.execute(text("select pg_current_xact_id()"))
    add_rows(shop, {"crm.orders": [order(3, june)], "ops.touched": [touched(june)]})
    assert refresh(shop, daily_sales).rows_written == 1

    slow.execute(text("update crm.orders set base_grand_total_amount = 5 where order_key = 'main:1'"))
    slow.execute(
        text(
            "insert into ops.touched (window_id, channel_code, subject, touched_at) values (1, 'main', :s, :at)"
        ),
        {"s": "order_created", "at": MAY_FIRST},
    )
    slow.commit()
    slow.close()

    assert refresh(shop, daily_sales).rows_written == 1
    assert [row["grand_total_amount"] for row in rows_of(shop, CONTENTS)] == [5, 0]


def test_failed_check_keeps_the_previous_table(shop: Engine, daily_sales: Report) -> None:
    refresh(shop, daily_sales)
    before = rows_of(shop, CONTENTS)
    line = {"order_item_key": "main:9", "order_key": "main:1", "base_currency_code": "CHF"}
    add_rows(shop, {"crm.order_items": [line], "crm.orders": [order(3)], "ops.touched": [touched(MAY_FIRST)]})

    with pytest.raises(DataError, match=r"keeps its previous contents.*two currencies would be added"):
        refresh(shop, daily_sales)

    assert rows_of(shop, CONTENTS) == before
    [failed] = rows_of(shop, "select * from ops.refresh_checks where not is_success and severity = 'fail'")
    assert failed["sample_json"] == [{"order_item_key": "main:9", "base_currency_code": "CHF"}]


def test_what_a_failed_refresh_left_out_is_made_up_for(shop: Engine, daily_sales: Report) -> None:
    refresh(shop, daily_sales)
    line = {"order_item_key": "main:9", "order_key": "main:1", "base_currency_code": "CHF"}
    add_rows(shop, {"crm.order_items": [line], "crm.orders": [order(3)], "ops.touched": [touched(MAY_FIRST)]})
    with pytest.raises(DataError):
        refresh(shop, daily_sales)
    with shop.begin() as connection:
        connection.execute(text("update crm.order_items set base_currency_code = 'EUR'"))

    assert refresh(shop, daily_sales).rows_written == 1
    assert [row["order_count"] for row in rows_of(shop, CONTENTS)] == [3]


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("update ops.channels set timezone = 'Asia/Tokyo'", "a channel changed"),
        ("update ops.channels set is_active = false", "a channel changed"),
        ("update ops.channels set rfm_categories_json = '{}'", "a channel changed"),
        ("update ops.definitions set definition_hash = 'x'", "a shared definition"),
        ("update ops.refreshes set transaction_position = '9000000'", "restored"),
        ("update ops.refreshes set server_id = '1'", "restored"),
        ("drop table report.daily_sales", "first refresh"),
    ],
)
def test_everything_is_computed_when_following_is_not_enough(
    shop: Engine, daily_sales: Report, statement: str, reason: str
) -> None:
    refresh(shop, daily_sales)
    with shop.begin() as connection:
        connection.execute(text(statement))

    outcome = refresh(shop, daily_sales)

    assert outcome.is_full
    assert reason in outcome.reason


def test_changed_query_computes_everything(shop: Engine, daily_sales: Report, tmp_path: Path) -> None:
    refresh(shop, daily_sales)
    doubled = changed_copy(tmp_path, query=("sum(orders.base_tax_amount)", "7 + sum(orders.base_tax_amount)"))

    assert refresh(shop, doubled).rows_written == 1
    assert rows_of(shop, CONTENTS)[0]["tax_amount"] == 7


def test_changed_contract_makes_the_table_anew(shop: Engine, daily_sales: Report, tmp_path: Path) -> None:
    refresh(shop, daily_sales)
    renamed = changed_copy(
        tmp_path,
        report=("name: tax_amount", "name: taxes_amount"),
        query=("    tax_amount,\n", "    tax_amount as taxes_amount,\n"),
    )

    refresh(shop, renamed)

    columns = rows_of(shop, CONTENTS)[0]
    assert "taxes_amount" in columns
    assert "tax_amount" not in columns


def test_failed_check_keeps_the_previous_table_although_the_contract_changed(
    shop: Engine, daily_sales: Report, tmp_path: Path
) -> None:
    refresh(shop, daily_sales)
    before = rows_of(shop, CONTENTS)
    changed = changed_copy(
        tmp_path,
        report=("meaning: Shipping before tax.", "meaning: Shipping."),
        checks=("sales.order_count < 1", "sales.order_count < 100"),
    )

    with pytest.raises(DataError):
        refresh(shop, changed)

    assert rows_of(shop, CONTENTS) == before


def test_someone_elses_view_on_a_report_is_not_dropped(
    shop: Engine, daily_sales: Report, tmp_path: Path
) -> None:
    refresh(shop, daily_sales)
    with shop.begin() as connection:
        connection.execute(text("create view report.mine as select * from report.daily_sales"))
    changed = changed_copy(tmp_path, report=("meaning: Shipping before tax.", "meaning: Shipping."))

    with pytest.raises(ConfigError, match="a view that is not ours reads it"):
        refresh(shop, changed)

    assert len(rows_of(shop, "select * from report.mine")) == 1


def test_query_that_breaks_the_contract_is_refused(shop: Engine, tmp_path: Path) -> None:
    without_column = changed_copy(
        tmp_path, query=("    tax_amount,\n    revenue_amount", "    revenue_amount")
    )
    with pytest.raises(ConfigError, match=r"misses tax_amount"):
        refresh(shop, without_column)


def test_query_that_returns_a_key_twice_is_refused(shop: Engine, tmp_path: Path) -> None:
    twice = changed_copy(
        tmp_path, query=("    orders.order_date\n)", "    orders.order_date,\n    orders.order_key\n)")
    )
    with pytest.raises(DataError, match="a key more than once"):
        refresh(shop, twice)


def test_null_without_a_meaning_is_refused(shop: Engine, tmp_path: Path) -> None:
    nulls = changed_copy(
        tmp_path, query=("sum(orders.base_tax_amount)", "nullif(sum(orders.base_tax_amount), 0)")
    )
    with pytest.raises(DataError, match="NULL in a column that is never NULL"):
        refresh(shop, nulls)


def test_sql_error_names_the_report_and_shows_no_sql(shop: Engine, tmp_path: Path) -> None:
    broken = changed_copy(tmp_path, query=("orders.base_tax_amount", "orders.base_taxes"))
    with pytest.raises(ConfigError) as caught:
        refresh(shop, broken)

    assert str(caught.value) == (
        "The query of report.daily_sales does not run: column orders.base_taxes does not exist. Mend its SQL."
    )


def test_one_refresh_of_a_table_at_a_time(shop: Engine, daily_sales: Report) -> None:
    with shop.begin() as other:
        other.execute(text("select pg_advisory_xact_lock(hashtextextended('refresh report.daily_sales', 0))"))
        with pytest.raises(TransientError, match="being refreshed by another run"):
            refresh(shop, daily_sales)


def test_report_says_how_far_it_is_complete(shop: Engine, daily_sales: Report) -> None:
    frontier = {"channel_code": "main", "frontier_at": NOW, "initial_reached_id": 500}
    done = frontier | {"entity": "customers", "initial_done_at": NOW}
    add_rows(shop, {"ops.frontiers": [frontier | {"entity": "orders"}, done]})
    assert refresh(shop, daily_sales).complete_until == {"main": None}

    with shop.begin() as connection:
        connection.execute(text("update ops.frontiers set initial_done_at = frontier_at"))
    outcome = refresh(shop, daily_sales)

    assert outcome.complete_until == {"main": NOW}
    assert not outcome.warnings
    [shown] = rows_of(shop, "select * from report.complete_until")
    assert (shown["report_name"], shown["complete_until"]) == ("daily_sales", NOW)


def test_report_is_no_more_complete_than_the_reports_it_is_made_of(shop: Engine) -> None:
    contract, until = get_report("customer_value").contract, NOW - timedelta(days=3)
    add_rows(
        shop,
        {
            "ops.frontiers": [
                {"channel_code": "main", "entity": name, "frontier_at": NOW, "initial_done_at": NOW}
                for name in ENTITY_NAMES
            ],
            "report.complete_until": [
                {"report_name": name, "channel_code": "main", "complete_until": until, "refreshed_at": NOW}
                for name in contract.report_inputs
            ],
        },
    )
    with shop.connect() as connection:
        assert complete_until(connection, contract, NOW) == {"main": until}
        connection.execute(text("delete from report.complete_until where report_name = 'sales_orders'"))
        assert complete_until(connection, contract, NOW) == {"main": None}


def test_report_of_the_syncing_itself_is_complete_when_it_is_refreshed(shop: Engine) -> None:
    add_rows(shop, {"ops.frontiers": [{"channel_code": "main", "entity": "orders"}]})

    outcome = refresh(shop, get_report("sync_health"))

    assert (outcome.row_count, outcome.complete_until) == (1, {"main": NOW})
    assert not outcome.warnings


def test_data_older_than_the_contract_allows_is_warned_about(shop: Engine, daily_sales: Report) -> None:
    frontier = {"channel_code": "main", "frontier_at": NOW, "initial_done_at": NOW}
    entities = ("orders", "customers")
    add_rows(shop, {"ops.frontiers": [frontier | {"entity": entity} for entity in entities]})

    assert refresh(shop, daily_sales, now=NOW + timedelta(hours=23)).warnings == ()
    [warning] = refresh(shop, daily_sales, now=NOW + timedelta(hours=25)).warnings
    assert warning.startswith("Channels whose data is older")


def test_every_column_of_a_report_has_a_comment(shop: Engine, daily_sales: Report) -> None:
    refresh(shop, daily_sales)
    comments = rows_of(
        shop,
        "select attname, col_description(attrelid, attnum) as said from pg_attribute"
        " where attrelid = 'report.daily_sales'::regclass and attnum > 0",
    )
    assert all(row["said"] for row in comments)
    said = {row["attname"]: row["said"] for row in comments}
    assert said["store_key"].endswith("NULL: orders whose store view was deleted from the store since.")
    assert said["tax_amount"].endswith("Currency: base_currency_code.")
    [table] = rows_of(shop, "select obj_description('report.daily_sales'::regclass) as said")
    assert table["said"] == daily_sales.table.comment


def test_who_only_counts_rows_is_told_of_those_that_come_and_go(shop: Engine, tmp_path: Path) -> None:
    telling = "tells: {change: [sales_date]}\ntells_moves: {move: [sales_date]}\n\nrefresh:"
    report = changed_copy(tmp_path, report=("refresh:", telling))
    refresh(shop, report)
    june = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
    days = [touched(MAY_FIRST), touched(june)]
    add_rows(shop, {"crm.orders": [order(3), order(4, june)], "ops.touched": days})

    refresh(shop, report, now=NOW + timedelta(hours=1))

    told = "select subject, touched_key from ops.touched where subject like 'daily_sales.%'"
    assert sorted(tuple(row.values()) for row in rows_of(shop, told)[2:]) == [
        ("daily_sales.change", "2026-05-01"),
        ("daily_sales.change", "2026-06-01"),
        ("daily_sales.move", "2026-06-01"),
    ]
