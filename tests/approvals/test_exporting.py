from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from include.approvals.exporting import export_or_hold
from include.approvals.questions import decide, waiting
from include.segments.export import Export, Exporter
from include.segments.refresh import refresh_segment
from include.segments.sizes import UnexpectedSize
from tests.segments.exporting import KEYS, NOW, add_person, change, make_segment
from tests.sql.sample_warehouse import add_rows


@pytest.fixture
def exporter(warehouse: Engine, tmp_path: Path) -> Exporter:
    """A shop with three subscribers."""
    add_rows(warehouse, {"ops.channels": [{"channel_code": "main"}]})
    for number in range(3):
        add_person(warehouse, number, f"{number}@example.com")
    return Exporter(engine=warehouse, root=tmp_path, keys=KEYS)


def go(
    exporter: Exporter, minimum: int, *, can_ask: bool = True, **contract: str
) -> tuple[Export, ...] | None:
    segment = make_segment(expected_size={"minimum": minimum, "maximum": 1000}, **contract)
    refresh_segment(exporter.engine, segment, now=NOW)
    return export_or_hold(exporter, segment, now=NOW, can_ask=can_ask)


def asked_about(exporter: Exporter) -> list[int]:
    with exporter.engine.connect() as connection:
        return [held.sizes[0].count for held in waiting(connection)]


def answer(exporter: Exporter, decision: str) -> None:
    with exporter.engine.begin() as connection:
        [held] = waiting(connection)
        decide(connection, held, decision, by="Maya", now=NOW)


def test_a_segment_that_is_as_large_as_expected_is_exported_and_nobody_is_asked(exporter: Exporter) -> None:
    assert go(exporter, 3)
    assert asked_about(exporter) == []


def test_one_that_is_not_is_held_back_until_a_person_approves(exporter: Exporter) -> None:
    assert go(exporter, 100) is None
    assert (asked_about(exporter), list(Path(str(exporter.root)).iterdir())) == ([3], [])
    answer(exporter, "approved")
    assert go(exporter, 100)


def test_what_was_rejected_stays_back_and_nobody_is_asked_again(exporter: Exporter) -> None:
    go(exporter, 100)
    answer(exporter, "rejected")
    assert go(exporter, 100) is None
    assert asked_about(exporter) == []


def test_a_question_goes_when_the_size_is_as_expected_again(exporter: Exporter) -> None:
    go(exporter, 100)
    assert go(exporter, 3)
    assert asked_about(exporter) == []


def test_where_nobody_can_be_asked_it_fails_and_says_what_to_do(exporter: Exporter) -> None:
    with pytest.raises(UnexpectedSize, match="has 3 members where 100 to 1000 are expected"):
        go(exporter, 100, can_ask=False)
    assert asked_about(exporter) == []
    go(exporter, 100)
    answer(exporter, "approved")
    assert go(exporter, 100, can_ask=False)


def test_a_yes_is_none_to_another_query_or_to_fewer_people_than_were_looked_at(exporter: Exporter) -> None:
    go(exporter, 100)
    answer(exporter, "approved")
    assert go(exporter, 100, title="Other people") is None
    answer(exporter, "rejected")
    change(exporter.engine, "update crm.customers set is_guest = true where customer_key = 'main:1'")
    assert go(exporter, 100) is None
    assert asked_about(exporter) == [2]


def test_one_yes_is_enough_where_the_members_and_a_file_are_both_unexpected(
    exporter: Exporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a yes to the one would take back the yes to the other, for ever."""
    monkeypatch.setattr("include.segments.sizes.FEW", 0)
    assert go(exporter, 3)
    change(exporter.engine, "update crm.customers set is_guest = true where customer_key <> 'main:1'")
    for _ in range(2):
        assert go(exporter, 3) is None
        answer(exporter, "approved")
    assert go(exporter, 3)
