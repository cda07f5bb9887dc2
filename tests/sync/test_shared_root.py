from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from include.errors import ConfigError
from include.sync.shared_root import MARK, assure_shared, note_root


def test_workers_that_share_the_root_go_on(database: Engine, tmp_path: Path) -> None:
    note_root(database, tmp_path / "staging")
    note_root(database, tmp_path / "staging")
    assure_shared(database, tmp_path / "staging")


@pytest.mark.parametrize("has_mark", [False, True])
def test_worker_with_a_folder_of_its_own_is_refused(database: Engine, tmp_path: Path, has_mark: bool) -> None:
    note_root(database, tmp_path / "one")
    (tmp_path / "two").mkdir()
    if has_mark:
        (tmp_path / "two" / MARK).write_text("another")
    with pytest.raises(ConfigError, match="point CRM_STAGING_URL at storage that all workers share"):
        assure_shared(database, tmp_path / "two")


def test_runs_planned_on_machines_that_do_not_share_find_out(database: Engine, tmp_path: Path) -> None:
    note_root(database, tmp_path / "one")
    note_root(database, tmp_path / "two")
    with pytest.raises(ConfigError):
        assure_shared(database, tmp_path / "one")


def test_root_that_was_moved_is_taken_over_by_the_next_run(database: Engine, tmp_path: Path) -> None:
    note_root(database, tmp_path / "old")
    note_root(database, tmp_path / "new")
    assure_shared(database, tmp_path / "new")
    note_root(database, tmp_path / "new")
    assure_shared(database, tmp_path / "new")


def test_runs_that_start_at_once_agree_on_one_number(
    database: Engine, tmp_path: Path, at_once: Callable[[Callable[[Any], Any], list[Path]], list[Any]]
) -> None:
    at_once(lambda root: note_root(database, root), [tmp_path / "staging"] * 4)
    assure_shared(database, tmp_path / "staging")
