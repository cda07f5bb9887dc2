from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from include.segments.run import Base
from include.segments.sizes import Size, UnexpectedSize, sizes_of_files
from tests.segments.exporting import Shop, add_person, change, make_segment
from tests.sql.sample_warehouse import add_rows, rows_of


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def unexpected(
    rows: int, removed: int = 0, *, before: int = 1000, loading: bool = False, change_pct: int = 50
) -> list[str]:
    base = Base(since="before.csv", row_count=before, was_loading=loading)
    segment = make_segment(expected_change_pct=change_pct)
    sizes = sizes_of_files(segment, ("main", "klaviyo"), base, row_count=rows, removed_count=removed)
    return [size.sentence for size in sizes if size.distance]


@pytest.mark.parametrize(
    ("rows", "removed", "before"),
    [(500, 500, 1000), (1500, 0, 1000), (1, 99, 100), (110, 0, 10), (0, 9, 9), (50_000, 40_000, 90_000)],
)
def test_a_file_may_change_by_half_and_a_short_one_by_a_hundred_rows(
    rows: int, removed: int, before: int
) -> None:
    assert unexpected(rows, removed, before=before) == []


def test_a_file_that_loses_or_exchanges_most_of_its_rows_is_held() -> None:
    assert unexpected(499, 501) == [
        "499 rows in main for klaviyo where 500 to 1500 are expected",
        "501 removed rows in main for klaviyo where 0 to 500 are expected",
    ]
    assert unexpected(1000, 900) == ["900 removed rows in main for klaviyo where 0 to 500 are expected"]
    assert unexpected(1501) == ["1501 rows in main for klaviyo where 500 to 1500 are expected"]


def test_a_short_list_that_is_empty_all_at_once_is_held_unless_everybody_may_change() -> None:
    assert unexpected(0, 10, before=10) == ["0 rows in main for klaviyo where 1 to 110 are expected"]
    assert unexpected(0, 10, before=10, change_pct=100) == []


def test_while_a_channel_is_loaded_its_files_may_grow_by_any_number() -> None:
    assert unexpected(900_000, loading=True) == []
    assert unexpected(10, loading=True) == ["10 rows in main for klaviyo where 500 or more are expected"]


def test_the_first_file_is_held_against_nothing() -> None:
    assert sizes_of_files(make_segment(), ("main", "klaviyo"), Base(), row_count=9, removed_count=0) == []


def test_a_list_that_a_broken_sync_emptied_is_held_before_anything_of_it_is_written(
    warehouse: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("include.segments.sizes.FEW", 1)
    shop = Shop(warehouse, tmp_path / "exports")
    for channel in ("main", "uk"):
        add_rows(warehouse, {"ops.channels": [{"channel_code": channel}]})
        for number in range(4):
            add_person(warehouse, number, f"{number}@example.com", channel=channel)
    segment = make_segment(profiles=["klaviyo"])
    shop.export(segment)
    change(warehouse, "delete from crm.newsletter_subscribers where channel_code = 'uk'")
    add_person(warehouse, 9, "9@example.com")
    before = files(tmp_path)

    with pytest.raises(
        UnexpectedSize, match="has 0 rows in uk for klaviyo where 2 or more are expected, 4 removed"
    ):
        shop.export(segment)

    assert files(tmp_path) == before
    assert len(rows_of(warehouse, "select from marketing.exports")) == 2
    shop.export(segment, may_go=True)
    assert len(rows_of(warehouse, "select from marketing.exports")) == 4


def test_an_answer_covers_what_is_no_further_away_on_the_same_side() -> None:
    def size(count: int, maximum: int = 100) -> Size:
        return Size(what="members", count=count, minimum=10, maximum=maximum)

    asked = size(200)
    assert [size(count).is_covered_by(asked) for count in (200, 101, 201, 5)] == [True, True, False, False]
    assert not size(200, maximum=150).is_covered_by(asked)
