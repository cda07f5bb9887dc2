from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from include.errors import ConfigError
from tests.segments.exporting import NOW, QUARTER, Shop, add_person, change, content, make_segment, manifest
from tests.sql.sample_warehouse import add_rows, rows_of

PREFIX = "everybody-generic_csv-main"


@pytest.fixture
def shop(warehouse: Engine, tmp_path: Path) -> Shop:
    add_rows(warehouse, {"ops.channels": [{"channel_code": "main"}]})
    add_person(warehouse, 1, "first@example.com")
    return Shop(warehouse, tmp_path / "exports")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "exports" / "everybody"


def rename(shop: Shop, name: str) -> None:
    change(shop.engine, "update crm.customers set first_name = :name", name=name)


def stamps(folder: Path, ending: str = ".csv") -> list[str]:
    """The instants of the full files that are there."""
    found = sorted(path.name for path in folder.iterdir() if path.name.endswith(f"Z{ending}"))
    return [name.removeprefix(f"{PREFIX}-20261122T").removesuffix(f"Z{ending}") for name in found]


def latest(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "latest.json").read_text("utf-8"))
    return told


def state(folder: Path) -> dict[str, tuple[int, int]]:
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.iterdir()}


def test_nothing_is_written_while_nothing_changes(shop: Shop, folder: Path) -> None:
    [first] = shop.export(make_segment())
    before = state(folder)

    [again] = shop.export(make_segment())

    assert (first.is_new, again.is_new) == (True, False)
    assert (again.export_id, again.files, again.row_count) == (first.export_id, first.files, first.row_count)
    assert state(folder) == before
    [kept] = rows_of(shop.engine, "select * from marketing.exports")
    assert (kept["exported_at"], kept["checked_at"], kept["deleted_at"]) == (NOW, NOW + QUARTER, None)


def test_other_definition_is_written_though_the_rows_are_the_same(shop: Shop, folder: Path) -> None:
    shop.export(make_segment())

    [second] = shop.export(make_segment(title="Other"))

    assert second.is_new
    assert latest(folder)["main"]["generic_csv"] == manifest(second)
    assert manifest(second)["title"] == "Other"
    assert [file.kind for file in second.files] == ["full"]


def test_other_rules_of_a_platform_are_written_though_nobody_changed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from include.segments.profiles.google_customer_match import by_rules
    from include.segments.profiles.registry import PROFILES

    segment = make_segment(profiles=["google_customer_match"])
    monkeypatch.setitem(PROFILES, "google_customer_match", by_rules("2023"))
    [first] = shop.export(segment)
    monkeypatch.setitem(PROFILES, "google_customer_match", by_rules("2026"))

    [second] = shop.export(segment)

    assert (manifest(first)["profile_rules"], manifest(second)["profile_rules"]) == ("2023", "2026")
    assert second.is_new


@pytest.mark.parametrize("ending", ["csv", "manifest.json"])
def test_file_that_was_taken_away_is_written_again(shop: Shop, folder: Path, ending: str) -> None:
    shop.export(make_segment())
    (folder / f"{PREFIX}-20261122T060000Z.{ending}").unlink()

    assert shop.export(make_segment())[0].is_new


def test_contents_that_come_back_are_written_as_the_newest_with_the_same_bytes(
    shop: Shop, folder: Path
) -> None:
    [first] = shop.export(make_segment())
    rename(shop, "Other")
    shop.export(make_segment())
    change(shop.engine, "update crm.customers set first_name = null")

    [third] = shop.export(make_segment())

    assert (third.is_new, content(third.file)) == (True, content(first.file))
    assert latest(folder)["main"]["generic_csv"]["file"] == third.file.name


@pytest.mark.parametrize("left", [None, "{}"])
def test_latest_is_mended_when_an_earlier_run_ended_before_it(
    shop: Shop, folder: Path, left: str | None
) -> None:
    [first] = shop.export(make_segment())
    file = folder / "latest.json"
    file.unlink() if left is None else file.write_text(left)

    assert not shop.export(make_segment())[0].is_new

    assert latest(folder) == {"main": {"generic_csv": manifest(first)}}


def test_only_the_newest_runs_of_each_profile_are_kept_and_the_rest_is_noted(
    shop: Shop, folder: Path
) -> None:
    segment = make_segment(keep_files=2, profiles=["generic_csv", "klaviyo"])
    folder.mkdir(parents=True)
    (folder / "notes-20200101T000000Z.csv").write_text("someone else's")
    for number in range(4):
        rename(shop, f"Name {number}")
        shop.export(segment)

    names = {path.name for path in folder.iterdir()}
    kept = {
        f"everybody-{profile}-main-20261122T06{minute}00Z{ending}"
        for profile in ("generic_csv", "klaviyo")
        for minute in (30, 45)
        for ending in (".csv", "-added.csv", ".people", ".manifest.json")
    }
    assert names == {"latest.json", "notes-20200101T000000Z.csv", *kept}
    assert sorted(latest(folder)["main"]) == ["generic_csv", "klaviyo"]
    deleted = rows_of(
        shop.engine, "select deleted_at from marketing.exports where profile = 'klaviyo' order by exported_at"
    )
    assert [row["deleted_at"] for row in deleted] == [NOW + 2 * QUARTER, NOW + 3 * QUARTER, None, None]


def test_keeping_fewer_files_takes_effect_without_a_change_of_the_members(shop: Shop, folder: Path) -> None:
    shop.export(make_segment())
    rename(shop, "Other")
    shop.export(make_segment())

    assert not shop.export(make_segment(keep_files=1))[0].is_new

    assert stamps(folder) == ["061500"]


def test_current_file_stays_though_the_clock_went_back(shop: Shop, folder: Path) -> None:
    segment = make_segment(keep_files=1)
    shop.export(segment)
    rename(shop, "Other")
    shop.at = NOW - QUARTER

    [second] = shop.export(segment)

    assert stamps(folder) == ["054500"]
    assert latest(folder)["main"]["generic_csv"]["file"] == second.file.name


def test_same_instant_again_replaces_the_file(shop: Shop, folder: Path) -> None:
    shop.export(make_segment())
    rename(shop, "Other")
    shop.at = NOW

    [second] = shop.export(make_segment())

    [kept] = rows_of(shop.engine, "select export_id, sha256 from marketing.exports")
    assert (kept["export_id"], kept["sha256"]) == (second.export_id, manifest(second)["sha256"])
    assert stamps(folder) == ["060000"]


def test_file_that_cannot_be_deleted_is_not_noted_as_deleted(shop: Shop, folder: Path) -> None:
    segment = make_segment(keep_files=1)
    [first] = shop.export(segment)
    (folder / first.manifest.name).unlink()
    (folder / first.manifest.name).mkdir()  # what deleting a file cannot remove
    rename(shop, "Other")

    with pytest.raises(ConfigError, match="cannot be written"):
        shop.export(segment)

    assert latest(folder)["main"]["generic_csv"]["file"] == f"{PREFIX}-20261122T061500Z.csv"
    rows = rows_of(shop.engine, "select deleted_at from marketing.exports")
    assert [row["deleted_at"] for row in rows] == [None, None]
