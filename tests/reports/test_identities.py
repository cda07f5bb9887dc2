from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from include.errors import ConfigError
from include.reports.identities import Verdict, check_identities, load_identities
from include.reports.loading import load_reports
from include.reports.refresh import refresh_report
from include.reports.sql_text import CheckSeverity
from tests.reports.changes import change
from tests.sql.sample_warehouse import LONG_AGO, add_rows, rows_of

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
REPORTS = load_reports().reports
FAIL = CheckSeverity.FAIL


def order(number: int, **more: Any) -> dict[str, Any]:
    keys = {"order_key": f"main:{number}", "channel_code": "main", "base_currency_code": "EUR"}
    return keys | {"source_created_at": NOW, "base_subtotal_amount": 10} | more


LINE = {
    "order_item_key": "main:1",
    "order_key": "main:1",
    "product_key": "main:1",
    "sku": "a",
    "product_name": "a",
    "base_currency_code": "EUR",
    "ordered_qty": 1,
    "base_row_total_amount": 10,
}
CART = {
    "cart_key": "main:1",
    "source_created_at": LONG_AGO,
    "source_updated_at": LONG_AGO,
    "status": "open",
    "items_qty": 1,
    "base_currency_code": "EUR",
    "base_subtotal_amount": 5,
}
BROKEN = {
    "best_sellers set gross_sales_amount": "parts_add_up: Articles of",
    "best_sellers set item_qty": "parts_add_up: Articles of",
    "refunds set refunded_amount": "parts_add_up: Reasons of refunds",
    "sales_by_region set revenue_amount": "parts_add_up: Regions of",
    "sales_by_region set tax_amount": "parts_add_up: Regions of",
    "payment_and_shipping_methods set grand_total_amount": "parts_add_up: Ways to pay and ship",
    "coupon_performance set order_count": "parts_add_up: Coupons of",
    "abandoned_cart_rate set abandoned_cart_count": "periods_add_up: Carts of a channel",
    "ecommerce_statistics set revenue_amount": "periods_add_up: Weeks, months or quarters",
    "customer_value set gross_sales_amount": "customers_add_up: Customers of a channel",
    "customer_cohorts set discount_amount": "customers_add_up: Cohorts of a channel",
    "customer_concentration set lifetime_amount": "customers_add_up: Accounts, or the tenths",
    "accounts_by_lifetime_value set lifetime_amount": "customers_add_up: Accounts, or the tenths",
    "sales_orders set discount_amount": "sales_add_up: Days of a channel",
    "sales_refunds set refunded_amount": "sales_add_up: Refunds of a channel",
}
"""A column of every row made greater by one, and the check that must say so."""


@pytest.fixture
def shop(warehouse: Engine) -> Engine:
    memo = {
        "credit_memo_key": "main:1",
        "order_key": "main:1",
        "source_created_at": NOW,
        "base_currency_code": "EUR",
        "base_subtotal_amount": 4,
    }
    add_rows(
        warehouse,
        {
            "ops.channels": [{"channel_code": "main"}],
            "crm.customers": [{"customer_key": "main:1", "account_key": "main:1"}],
            "crm.orders": [
                order(1, customer_key="main:1", coupon_code="TEN"),
                order(2, source_created_at=None),
            ],
            "crm.order_items": [LINE],
            "crm.carts": [CART],
            "crm.credit_memos": [memo, {**memo, "credit_memo_key": "main:2", "source_created_at": None}],
        },
    )
    return warehouse


def refresh(engine: Engine, *names: str) -> None:
    for name in names or REPORTS:
        refresh_report(engine, REPORTS[name], now=NOW)


def move(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount > 0


def check(engine: Engine, folder: Path | None = None) -> dict[str, Verdict]:
    identities = load_identities(folder=folder) if folder else load_identities()
    return {verdict.name: verdict for verdict in check_identities(engine, identities, now=NOW)}


def test_reports_of_the_project_add_up(shop: Engine) -> None:
    refresh(shop)
    for verdict in check(shop).values():
        assert verdict.behind == ()
        assert verdict.sentences(FAIL) == []
    assert rows_of(shop, "select from ops.refresh_checks where table_name like 'checks.%' and is_success")


def test_a_sum_that_differs_is_named_with_its_rows(shop: Engine) -> None:
    refresh(shop)
    with shop.begin() as connection:
        connection.execute(text("update report.daily_sales set revenue_amount = 11"))
    [sentence] = check(shop)["sales_add_up"].sentences(FAIL)
    assert sentence.startswith("Days of a channel and currency do not add up to its orders")
    [kept] = rows_of(
        shop,
        "select sample_json from ops.refresh_checks where table_name = 'checks.sales_add_up' and not is_success",
    )
    assert kept["sample_json"][0]["revenue_amount_of_days"] == 11


def test_every_sum_that_is_off_is_named(shop: Engine) -> None:
    refresh(shop)
    for column, sentence in BROKEN.items():
        name = column.split()[-1]
        move(shop, f"update report.{column} = {name} + 1")
        found = [f"{one.name}: {said}" for one in check(shop).values() for said in one.sentences(FAIL)]
        assert [said for said in found if said.startswith(sentence)], (column, found)
        move(shop, f"update report.{column} = {name} - 1")
    assert not [one for one in check(shop).values() if one.sentences(FAIL)]


def test_checks_wait_for_reports_that_have_something_left_to_follow(shop: Engine) -> None:
    refresh(shop)
    with shop.begin() as connection:
        change(connection, "orders", order(3))
    assert "sales_orders" in check(shop)["sales_add_up"].behind
    refresh(shop, "sales_orders")
    assert "daily_sales" in check(shop)["sales_add_up"].behind
    refresh(shop)
    assert check(shop)["sales_add_up"].behind == ()


def test_a_long_transaction_elsewhere_keeps_no_check_waiting(shop: Engine) -> None:
    with shop.connect() as other:
        other.execute(text("select pg_current_xact_id()"))
        refresh(shop)
        assert [verdict.behind for verdict in check(shop).values()] == [()] * len(load_identities())


def test_a_report_that_was_never_refreshed_is_waited_for(shop: Engine) -> None:
    assert "daily_sales" in check(shop)["sales_add_up"].behind


def test_a_file_that_reads_no_report_of_ours_is_refused(shop: Engine, tmp_path: Path) -> None:
    (tmp_path / "odd.sql").write_text("-- fail: Odd.\nselect 1 from report.nothing;\n")
    with pytest.raises(ConfigError, match=r"sql/checks/odd.sql reads report.nothing, which there is not"):
        check(shop, tmp_path)


def test_a_file_without_a_severity_is_refused(tmp_path: Path) -> None:
    (tmp_path / "odd.sql").write_text("select 1;\n")
    with pytest.raises(ConfigError, match="a statement has no severity"):
        load_identities(folder=tmp_path)


def test_a_file_that_there_is_not_is_answered_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match=r"no file sql/checks/nothing.sql: give one of .*sales_add_up"):
        load_identities("nothing")
