from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from upath import UPath

from include.retention.files import prune_logs, prune_pages, prune_partials

NOW = datetime(2026, 5, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def written(path: Path, age: timedelta = timedelta(0)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    at = (NOW - age).timestamp()
    os.utime(path, (at, at))
    return path


def test_old_logs_go_with_the_folders_they_leave_empty(tmp_path: Path) -> None:
    written(tmp_path / "dag_id=a" / "run_id=1" / "attempt=1.log", 31 * DAY)
    young = written(tmp_path / "dag_id=a" / "run_id=2" / "attempt=1.log", 29 * DAY)
    assert prune_logs(tmp_path, NOW - 30 * DAY, is_dry=True) == 1
    assert prune_logs(tmp_path, NOW - 30 * DAY) == 1
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [young]
    assert not (tmp_path / "dag_id=a" / "run_id=1").exists()
    assert prune_logs(tmp_path / "not there", NOW) == 0


@pytest.mark.parametrize("protocol", ["", "file://"])
def test_pages_of_channels_and_entities_that_are_no_more_go(tmp_path: Path, protocol: str) -> None:
    kept = [written(tmp_path / "us" / "orders.html"), written(tmp_path / "index.html")]
    written(tmp_path / "us" / "wishlists.html")
    written(tmp_path / "gone" / "orders.html")
    root = UPath(f"{protocol}{tmp_path}") if protocol else tmp_path
    assert prune_pages(root, {"us"}, {"orders"}, is_dry=True) == 2
    assert prune_pages(root, {"us"}, {"orders"}) == 2
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(kept)
    assert prune_pages(tmp_path / "not there", {"us"}, {"orders"}) == 0


def test_halves_of_exports_go_when_nobody_can_be_writing_them(tmp_path: Path) -> None:
    written(tmp_path / "repeat" / ".repeat-1.csv.partial", 2 * DAY)
    written(tmp_path / "repeat" / "removed" / ".repeat-1-removed.csv.partial", 2 * DAY)
    kept = [
        written(tmp_path / "repeat" / ".repeat-2.csv.partial", timedelta(hours=1)),
        written(tmp_path / "repeat" / "repeat-1.csv", 99 * DAY),
    ]
    assert prune_partials(tmp_path, NOW) == 2
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(kept)
    assert prune_partials(UPath("memory://exports"), NOW) == 0
