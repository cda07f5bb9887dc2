from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console
from sqlalchemy import Engine

from include.errors import ConfigError
from include.segments.loading import get_segment, load_segments
from include.segments.refresh import refresh_segment
from include.segments.show import main, masked, print_list, print_segment
from tests.reports.in_order import refresh_in_order
from tests.reports.test_show import environ_of
from tests.sql.sample_warehouse import add_rows

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


@pytest.fixture
def screen() -> Console:
    return Console(width=300, record=True, file=StringIO())


def test_a_segment_is_shown_in_words_with_its_size_and_nobody_s_address(
    warehouse: Engine, screen: Console
) -> None:
    segment = get_segment("subscriber_never_bought")
    entry = {"newsletter_subscriber_key": "main:1", "email": "Ada@example.com", "status": "subscribed"}
    given = {
        "ops.channels": [{"channel_code": "main"}],
        "crm.newsletter_subscribers": [{**entry, "email_normalised": "ada@example.com"}],
    }
    add_rows(warehouse, given)
    refresh_in_order(warehouse, segment.contract.report_inputs, now=NOW)
    refresh_segment(warehouse, segment, now=NOW)

    print_segment(screen, segment, rows=2, environ=environ_of(warehouse))

    shown = screen.export_text()
    assert segment.contract.description in shown
    assert "Only those leave with a file who are subscribed" in shown
    assert "2026-11-22 06:00" in shown
    assert "A***@***.com" in shown
    assert "ada@" not in shown.lower()
    assert "1 members as a sample" in shown


def test_a_segment_that_was_never_refreshed_says_what_to_do(warehouse: Engine, screen: Console) -> None:
    with pytest.raises(ConfigError, match="was never refreshed: run `make run` first"):
        print_segment(screen, get_segment("champions"), rows=2, environ=environ_of(warehouse))


def test_the_list_names_every_segment_with_who_is_in_it(screen: Console) -> None:
    print_list(screen)
    shown = screen.export_text()
    assert all(name in shown for name in load_segments().segments)


def test_a_name_that_is_none_is_told_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["champion"]) == 1
    assert capsys.readouterr().err == "make segment: There is no folder 'champion': did you mean champions?\n"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("ada.lovelace@mail.example.com", "a***@***.com"),
        ("Łódź", "Ł***"),
        ("+49 30 123", "+***"),
        ("", "***"),
        (None, None),
        ("@", "***@***."),
    ],
)
def test_of_a_personal_value_only_a_letter_is_shown(value: str | None, shown: str | None) -> None:
    assert masked(value) == shown
