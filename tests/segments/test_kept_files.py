from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from include.errors import ConfigError
from include.segments.export import Export, export_segment
from include.segments.loading import SEGMENTS_FOLDER, Segment, get_segment
from include.segments.private_file import FilePath
from tests.segments.refreshing import refresh_with_reports
from tests.sql.sample_warehouse import add_rows, rows_of

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def segment_with(folder: Path, *edits: tuple[str, str]) -> Segment:
    """The segment of the project, with its contract edited."""
    copy = shutil.copytree(SEGMENTS_FOLDER / "repeat_customers", folder / "sql" / "repeat_customers")
    contract = (copy / "segment.yml").read_text()
    for old, new in edits:
        assert old in contract
        contract = contract.replace(old, new)
    (copy / "segment.yml").write_text(contract)
    return get_segment("repeat_customers", folder / "sql")


@pytest.fixture
def repeat_customers() -> Segment:
    return get_segment("repeat_customers")


@pytest.fixture
def shop(warehouse: Engine) -> Engine:
    """A shop with one member."""
    orders = [
        {"order_key": f"main:{n}", "customer_key": "main:1", "base_currency_code": "EUR"} for n in (1, 2)
    ]
    add_rows(
        warehouse,
        {
            "ops.channels": [{"channel_code": "main"}],
            "crm.customers": [
                {
                    "customer_key": "main:1",
                    "email": "first@example.com",
                    "email_normalised": "first@example.com",
                }
            ],
            "crm.newsletter_subscribers": [
                {
                    "newsletter_subscriber_key": "main:1",
                    "email_normalised": "first@example.com",
                    "status": "subscribed",
                }
            ],
            "crm.orders": orders,
        },
    )
    return warehouse


def rename(engine: Engine, email: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("update crm.customers set email = :email"), {"email": email})


def export(engine: Engine, segment: Segment, root: FilePath, at: datetime) -> Export:
    refresh_with_reports(engine, segment, now=at)
    return export_segment(engine, segment, root, now=at)


def names(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "repeat_customers").iterdir())


def latest(root: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((root / "repeat_customers" / "latest.json").read_text("utf-8"))
    return told


def state(root: Path) -> dict[str, tuple[int, int]]:
    return {
        path.name: (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in (root / "repeat_customers").iterdir()
    }


def test_nothing_is_written_while_nothing_changes(
    shop: Engine, repeat_customers: Segment, tmp_path: Path
) -> None:
    first = export(shop, repeat_customers, tmp_path, NOW)
    before = state(tmp_path)

    again = export(shop, repeat_customers, tmp_path, NOW + QUARTER)

    assert (first.is_new, again.is_new) == (True, False)
    assert (again.file, again.manifest, again.sha256, again.row_count, again.byte_count) == (
        first.file,
        first.manifest,
        first.sha256,
        first.row_count,
        first.byte_count,
    )
    assert state(tmp_path) == before
    [kept] = rows_of(shop, "select * from marketing.exports")
    assert (kept["exported_at"], kept["checked_at"], kept["deleted_at"]) == (NOW, NOW + QUARTER, None)


def test_changed_person_is_written_though_the_members_are_the_same(
    shop: Engine, repeat_customers: Segment, tmp_path: Path
) -> None:
    export(shop, repeat_customers, tmp_path, NOW)
    rename(shop, "other@example.com")

    second = export(shop, repeat_customers, tmp_path, NOW + QUARTER)

    assert second.is_new
    assert "other@example.com" in (tmp_path / "repeat_customers" / second.file.name).read_text()
    assert latest(tmp_path)["file"] == second.file.name


def test_other_definition_is_written_though_the_rows_are_the_same(
    shop: Engine, repeat_customers: Segment, tmp_path: Path
) -> None:
    export(shop, repeat_customers, tmp_path, NOW)
    changed = segment_with(tmp_path, ("title: Repeat customers", "title: Loyal customers"))

    assert export(shop, changed, tmp_path, NOW + QUARTER).is_new
    assert latest(tmp_path)["title"] == "Loyal customers"


@pytest.mark.parametrize("ending", ["csv", "manifest.json"])
def test_file_that_was_taken_away_is_written_again(
    shop: Engine, repeat_customers: Segment, tmp_path: Path, ending: str
) -> None:
    export(shop, repeat_customers, tmp_path, NOW)
    (tmp_path / "repeat_customers" / f"repeat_customers-20261122T060000Z.{ending}").unlink()

    assert export(shop, repeat_customers, tmp_path, NOW + QUARTER).is_new


def test_contents_that_come_back_are_written_as_the_newest(
    shop: Engine, repeat_customers: Segment, tmp_path: Path
) -> None:
    first = export(shop, repeat_customers, tmp_path, NOW)
    rename(shop, "other@example.com")
    export(shop, repeat_customers, tmp_path, NOW + QUARTER)
    rename(shop, "first@example.com")

    third = export(shop, repeat_customers, tmp_path, NOW + 2 * QUARTER)

    assert (third.is_new, third.sha256) == (True, first.sha256)
    assert latest(tmp_path)["file"] == third.file.name == "repeat_customers-20261122T063000Z.csv"


@pytest.mark.parametrize("left", [None, '{"file": "repeat_customers-20261121T060000Z.csv"}'])
def test_latest_is_mended_when_an_earlier_run_ended_before_it(
    shop: Engine, repeat_customers: Segment, tmp_path: Path, left: str | None
) -> None:
    first = export(shop, repeat_customers, tmp_path, NOW)
    file = tmp_path / "repeat_customers" / "latest.json"
    file.unlink() if left is None else file.write_text(left)

    assert not export(shop, repeat_customers, tmp_path, NOW + QUARTER).is_new

    assert file.read_bytes() == (file.parent / first.manifest.name).read_bytes()


def test_only_the_newest_files_are_kept_and_the_rest_is_noted(shop: Engine, tmp_path: Path) -> None:
    segment = segment_with(tmp_path, ("keep_files: 10", "keep_files: 2"))
    (tmp_path / "repeat_customers").mkdir()
    (tmp_path / "repeat_customers" / "notes-20200101T000000Z.csv").write_text("someone else's")
    for number in range(4):
        rename(shop, f"{number}@example.com")
        export(shop, segment, tmp_path, NOW + number * QUARTER)

    assert names(tmp_path) == [
        "latest.json",
        "notes-20200101T000000Z.csv",
        "repeat_customers-20261122T063000Z.csv",
        "repeat_customers-20261122T063000Z.manifest.json",
        "repeat_customers-20261122T064500Z.csv",
        "repeat_customers-20261122T064500Z.manifest.json",
    ]
    assert latest(tmp_path)["file"] == "repeat_customers-20261122T064500Z.csv"
    deleted = rows_of(shop, "select deleted_at from marketing.exports order by exported_at")
    assert [row["deleted_at"] for row in deleted] == [NOW + 2 * QUARTER, NOW + 3 * QUARTER, None, None]


def test_keeping_fewer_files_takes_effect_without_a_change_of_the_members(
    shop: Engine, repeat_customers: Segment, tmp_path: Path
) -> None:
    export(shop, repeat_customers, tmp_path, NOW)
    rename(shop, "other@example.com")
    export(shop, repeat_customers, tmp_path, NOW + QUARTER)
    fewer = segment_with(tmp_path, ("keep_files: 10", "keep_files: 1"))

    assert not export_segment(shop, fewer, tmp_path, now=NOW + 2 * QUARTER).is_new

    assert [name for name in names(tmp_path) if name.endswith(".csv")] == [
        "repeat_customers-20261122T061500Z.csv"
    ]


def test_current_file_stays_though_the_clock_went_back(shop: Engine, tmp_path: Path) -> None:
    segment = segment_with(tmp_path, ("keep_files: 10", "keep_files: 1"))
    export(shop, segment, tmp_path, NOW)
    rename(shop, "other@example.com")

    second = export(shop, segment, tmp_path, NOW - QUARTER)

    assert names(tmp_path) == ["latest.json", second.file.name, second.manifest.name]
    assert latest(tmp_path)["file"] == second.file.name


def test_file_that_cannot_be_deleted_is_not_noted_as_deleted(shop: Engine, tmp_path: Path) -> None:
    segment = segment_with(tmp_path, ("keep_files: 10", "keep_files: 1"))
    first = export(shop, segment, tmp_path, NOW)
    manifest = tmp_path / "repeat_customers" / first.manifest.name
    manifest.unlink()
    manifest.mkdir()  # what deleting a file cannot remove
    rename(shop, "other@example.com")

    with pytest.raises(ConfigError, match="cannot be written"):
        export(shop, segment, tmp_path, NOW + QUARTER)

    assert latest(tmp_path)["file"] == "repeat_customers-20261122T061500Z.csv"
    rows = rows_of(shop, "select deleted_at from marketing.exports")
    assert [row["deleted_at"] for row in rows] == [None, None]


def test_number_of_kept_files_is_at_least_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="keep_files"):
        segment_with(tmp_path, ("keep_files: 10", "keep_files: 0"))


def test_object_store_is_pruned_and_its_latest_replaced(shop: Engine, tmp_path: Path) -> None:
    upath = pytest.importorskip("upath")
    root = upath.UPath("memory://kept/exports")
    segment = segment_with(tmp_path, ("keep_files: 10", "keep_files: 1"))
    export(shop, segment, root, NOW)
    assert not export(shop, segment, root, NOW + QUARTER).is_new
    rename(shop, "other@example.com")

    second = export(shop, segment, root, NOW + 2 * QUARTER)

    assert second.is_new
    folder = root / "repeat_customers"
    assert sorted(path.name for path in folder.iterdir()) == [
        "latest.json",
        second.file.name,
        second.manifest.name,
    ]
    assert json.loads((folder / "latest.json").read_text())["file"] == second.file.name
