from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO

import pytest
from rich.console import Console
from sqlalchemy import Engine

from include.entities.fields import Kind
from include.errors import ConfigError
from include.reports.loading import get_report, load_reports
from include.reports.refresh import refresh_report
from include.reports.show import main, print_list, print_report, to_cell
from tests.reports.conftest import EXAMPLE
from tests.sql.sample_warehouse import add_rows

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
DAYS = [datetime(2026, 5, day, 10, tzinfo=UTC) for day in (1, 2, 3)]


@pytest.fixture
def screen() -> Console:
    return Console(width=300, record=True, file=StringIO())


def environ_of(engine: Engine) -> dict[str, str]:
    url = engine.url.set(drivername="postgresql")
    return {"AIRFLOW_CONN_CRM_WAREHOUSE": url.render_as_string(hide_password=False)}


def test_a_report_is_shown_with_its_definition_and_its_newest_rows(
    warehouse: Engine, screen: Console
) -> None:
    orders = [
        {
            "order_key": f"main:{number}",
            "source_created_at": at,
            "base_currency_code": "EUR",
            "base_subtotal_amount": 1234.5,
        }
        for number, at in enumerate(DAYS)
    ]
    add_rows(warehouse, {"ops.channels": [{"channel_code": "main"}], "crm.orders": orders})
    report = get_report("daily_sales", EXAMPLE)
    refresh_report(warehouse, report, now=NOW)

    print_report(screen, report, rows=2, environ=environ_of(warehouse))

    shown = screen.export_text()
    assert report.contract.question in shown
    assert "Orders made on the day that count today." in shown
    assert [day for day in ("2026-05-03", "2026-05-02", "2026-05-01") if day in shown] == [
        "2026-05-03",
        "2026-05-02",
    ]
    assert shown.index("2026-05-03") < shown.index("2026-05-02")
    assert "1,234.50" in shown
    assert "2 of 3 rows. Complete: main until not yet." in shown


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("0.0031", Kind.RATE, "0.0031"),
        ("1.0843", Kind.RATE, "1.0843"),
        ("0.000012345678", Kind.RATE, "0.000012"),
        ("0", Kind.RATE, "0.0000"),
        ("1234.5", Kind.AMOUNT, "1,234.50"),
        ("12.3456", Kind.PERCENT, "12.35"),
    ],
)
def test_a_small_rate_is_not_shown_as_nothing(value: str, kind: Kind, shown: str) -> None:
    assert to_cell(Decimal(value), kind) == shown


def test_a_report_that_was_never_refreshed_says_what_to_do(warehouse: Engine, screen: Console) -> None:
    with pytest.raises(ConfigError, match="was never refreshed: run `make run` first"):
        print_report(screen, get_report("daily_sales", EXAMPLE), rows=2, environ=environ_of(warehouse))


def test_the_list_names_every_report_and_its_question(screen: Console) -> None:
    print_list(screen)
    shown = screen.export_text()
    for name, report in load_reports().reports.items():
        assert name in shown
        assert report.contract.question[:40] in shown


def test_a_name_that_there_is_not_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["daily_sale"]) == 1
    assert "did you mean daily_sales?" in capsys.readouterr().err
