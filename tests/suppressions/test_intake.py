from __future__ import annotations

import os
import stat
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from include.errors import ConfigError
from include.suppressions import intake as intake_module
from include.suppressions.intake import Intake, Taken
from tests.suppressions.addresses import DAY, KEYS, NOW, held_back, rows

GOOD = "Email,Reason\nada@example.com,UNSUBSCRIBED\nbob@example.com,HARD_BOUNCE\n"


@pytest.fixture
def intake(database: Engine, tmp_path: Path) -> Intake:
    return Intake(engine=database, keys=KEYS, root=tmp_path / "dropped")


def drop(intake: Intake, name: str, content: str = GOOD, *, at: datetime = NOW - DAY) -> Path:
    path = Path(str(intake.root)) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def left(intake: Intake) -> list[str]:
    root = Path(str(intake.root))
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def take(intake: Intake, now: datetime = NOW) -> list[Taken]:
    return intake.take_all(["us"], now)


def test_a_good_file_is_taken_in_and_deleted(intake: Intake) -> None:
    drop(intake, "unsubscribed.csv")
    (taken,) = take(intake)
    assert (taken.refusal, taken.address_count, taken.new_count) == (None, 2, 2)
    assert left(intake) == []
    assert held_back(intake.engine, "ada", "bob", "cleo") == {"ada", "bob"}
    of_file = "select platform, row_count, address_count, new_count, taken_at from marketing.opt_out_files"
    assert rows(intake.engine, of_file) == [("klaviyo", 2, 2, 2, NOW)]
    assert rows(
        intake.engine,
        "select count(*) from marketing.suppressions join marketing.opt_out_files using (file_id)",
    ) == [(2,)]


def test_a_file_may_be_kept_under_a_name_that_is_nobodys(database: Engine, tmp_path: Path) -> None:
    keeping = Intake(engine=database, keys=KEYS, root=tmp_path / "dropped", keeps_files=True)
    drop(keeping, "ada@example.com.csv")
    (taken,) = take(keeping)
    assert left(keeping) == [f"done/{taken.name}"]
    assert "ada" not in taken.name
    assert take(keeping) == []


def test_a_folder_named_after_no_channel_is_told(intake: Intake) -> None:
    drop(intake, "klaviyo/unsubscribed.csv")
    (told,) = take(intake)
    assert told.refusal is not None
    assert "named after no channel" in told.refusal
    assert left(intake) == ["klaviyo/unsubscribed.csv"]


def test_a_file_dropped_for_a_channel_holds_there_only(intake: Intake) -> None:
    drop(intake, "us/unsubscribed.csv")
    take(intake)
    assert held_back(intake.engine, "ada", channel="us") == {"ada"}
    assert held_back(intake.engine, "ada", channel="eu") == set()


def test_the_same_file_again_changes_nothing(intake: Intake) -> None:
    drop(intake, "unsubscribed.csv")
    take(intake)
    kept = "select * from marketing.suppressions order by address_hash"
    before = rows(intake.engine, kept)
    drop(intake, "unsubscribed (2).csv")
    (again,) = take(intake, NOW + DAY)
    assert (again.address_count, left(intake), rows(intake.engine, kept)) == (0, [], before)
    assert rows(intake.engine, "select count(*) from marketing.opt_out_files") == [(1,)]


def test_a_wrong_file_is_set_aside_whole_with_the_reason_beside_it(intake: Intake) -> None:
    content = GOOD + "cleo@example.com,x,one too many\n"
    drop(intake, "unsubscribed.csv", content)
    drop(intake, "a good one.csv", "Email\ndora@example.com\n")
    good, wrong = take(intake)
    assert (good.refusal, held_back(intake.engine, "ada", "bob", "dora")) == (None, {"dora"})
    assert wrong.refusal is not None
    assert wrong.refusal.startswith("Line 4 has 3 cells where the header has 2")
    root = Path(str(intake.root))
    assert left(intake) == [wrong.name, f"{wrong.name}.txt"]
    assert (root / wrong.name).read_text() == content
    reason = (root / f"{wrong.name}.txt").read_text()
    assert reason.startswith(wrong.refusal)
    assert "@" not in reason
    assert stat.S_IMODE((root / "refused").stat().st_mode) == 0o700
    assert rows(intake.engine, "select count(*) from marketing.opt_out_files") == [(1,)]
    assert take(intake) == []


def test_a_file_that_is_still_written_to_waits(intake: Intake) -> None:
    drop(intake, "unsubscribed.csv", at=NOW - intake_module.QUIET / 2)
    drop(intake, ".unsubscribed.csv.upload")
    assert take(intake) == []
    assert len(take(intake, NOW + DAY)) == 1
    drop(intake, "us/unsubscribed.csv", at=NOW)
    assert len(intake.take_all(["us"], NOW, is_at_once=True)) == 1
    assert left(intake) == [".unsubscribed.csv.upload"]


def test_a_run_killed_before_the_file_goes_loses_nothing_and_takes_nothing_twice(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(intake, "unsubscribed.csv")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", lambda *_, **__: pytest.fail("killed"))
        with pytest.raises(pytest.fail.Exception):
            take(intake)
    assert held_back(intake.engine, "ada") == {"ada"}
    (again,) = take(intake, NOW + DAY)
    assert (again.new_count, left(intake)) == (0, [])
    assert rows(intake.engine, "select distinct last_noted_at from marketing.suppressions") == [(NOW,)]


def test_a_run_killed_in_the_middle_of_a_file_takes_none_of_it_and_leaves_it(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(intake, "unsubscribed.csv")
    with monkeypatch.context() as patched:
        patched.setattr(intake_module, "suppress", lambda *_, **__: pytest.fail("killed"))
        with pytest.raises(pytest.fail.Exception):
            take(intake)
    assert (held_back(intake.engine, "ada"), left(intake)) == (set(), ["unsubscribed.csv"])
    assert [taken.new_count for taken in take(intake)] == [2]


def test_a_folder_that_is_not_there_holds_no_files(intake: Intake) -> None:
    assert take(intake) == []


def test_a_folder_that_cannot_be_written_is_said(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(intake, "unsubscribed.csv")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(ConfigError, match=r"permission denied.*CRM_SUPPRESSIONS_URL"):
        take(intake)
