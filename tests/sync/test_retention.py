from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from upath import UPath

from include.errors import ConfigError
from include.sync.retention import prune, prune_strangers
from include.sync.staging import FolderPath, Stage, new_stage
from include.sync.window import Window, WindowKind
from tests.sync.records import order
from tests.sync.shop import T0, Shop, channel

DAY = timedelta(days=1)


@pytest.fixture(params=["folder", "file://", "object store"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FolderPath]:
    if request.param == "object store":
        bucket = UPath(f"memory://{uuid4().hex}")
        yield bucket
        bucket.fs.rm(bucket.path, recursive=True)
    else:
        yield tmp_path / "staging" if request.param == "folder" else UPath(f"file://{tmp_path}/staging")


def planned(shop: Shop, state: str = "done") -> Window:
    window = shop.planned("orders", WindowKind.INITIAL, id_low=0, id_high=1)
    shop.execute(
        "update ops.windows set state = :state where window_id = :n", state=state, n=window.window_id
    )
    return window


def staged(root: FolderPath, window: Window, *, age: timedelta, channel_code: str = "us") -> Stage:
    stage = new_stage(root, channel_code, "orders", window.window_id or 0, now=T0 - age)
    stage.write_records([{"order_id": "1"}])
    return stage


def names(root: FolderPath, channel_code: str = "us") -> set[str]:
    folder = root / channel_code / "orders"
    return {attempt.name for attempt in folder.iterdir()} if folder.exists() else set()


def test_raw_copies_go_when_their_days_are_over(shop: Shop, root: FolderPath) -> None:
    window = planned(shop)
    staged(root, window, age=15 * DAY)
    young = staged(root, window, age=13 * DAY)
    assert prune(root, shop.channel, T0, shop.engine) == 1
    assert names(root) == {young.folder.name}
    assert prune(root, shop.channel, T0, shop.engine) == 0


@pytest.mark.parametrize("state", ["planned", "extracted", "validated", "failed", "superseded"])
def test_leftovers_of_every_attempt_go_whatever_became_of_the_window(
    shop: Shop, root: FolderPath, state: str
) -> None:
    """A window that fails every day is read anew every day; the parts of the attempts that failed are never loaded."""
    window = planned(shop, state)
    kept = [staged(root, window, age=age * DAY) for age in (20, 16, 12, 0)][2:]
    assert prune(root, shop.channel, T0, shop.engine) == 2
    assert names(root) == {stage.folder.name for stage in kept}


def test_folder_of_a_window_the_ledger_does_not_know_goes_too(shop: Shop, root: FolderPath) -> None:
    staged(root, planned(shop), age=15 * DAY)
    shop.execute("delete from ops.windows")
    assert prune(root, shop.channel, T0, shop.engine) == 1


def test_attempt_in_work_stays_even_where_nothing_is_to_be_kept(shop: Shop, root: FolderPath) -> None:
    done, in_work = planned(shop), planned(shop, "extracted")
    staged(root, done, age=timedelta(hours=1))
    working = staged(root, in_work, age=timedelta(hours=1))
    staged(root, in_work, age=25 * timedelta(hours=1))
    assert prune(root, channel(raw_retention_days=0), T0, shop.engine) == 2
    assert names(root) == {working.folder.name}


def test_other_channels_and_what_is_no_attempt_are_left_alone(shop: Shop, root: FolderPath) -> None:
    window = planned(shop)
    other = staged(root, window, age=99 * DAY, channel_code="us2")
    stage = staged(root, window, age=0 * DAY)
    with (root / "us" / "note.txt").open("wb"), (root / "us" / "orders" / "note.txt").open("wb"):
        pass
    assert prune(root, shop.channel, T0, shop.engine) == 0
    assert names(root) == {stage.folder.name, "note.txt"}
    assert names(root, "us2") == {other.folder.name}


def test_folders_of_channels_without_a_file_go_after_the_default_days(shop: Shop, root: FolderPath) -> None:
    window = planned(shop)
    staged(root, window, age=99 * DAY)
    staged(root, window, age=15 * DAY, channel_code="closed")
    young = staged(root, window, age=13 * DAY, channel_code="closed")
    assert prune_strangers(root, {"us"}, T0, shop.engine) == 1
    assert (names(root, "closed"), len(names(root))) == ({young.folder.name}, 1)


def test_channel_that_never_staged_anything_has_nothing_to_prune(shop: Shop, tmp_path: Path) -> None:
    assert prune(tmp_path / "not there", shop.channel, T0, shop.engine) == 0
    assert prune_strangers(tmp_path / "not there", set(), T0, shop.engine) == 0


def test_raw_copy_of_a_loaded_window_is_pruned_in_the_end(shop: Shop) -> None:
    shop.load("orders", order(1))
    (entity,) = (Path(str(shop.root)) / "us").iterdir()
    (folder,) = entity.iterdir()
    assert [path.name for path in folder.iterdir()] == ["raw-0001.jsonl.gz"]
    ledger_now = shop.one("select now()")
    assert prune(shop.root, shop.channel, ledger_now + 13 * DAY, shop.engine) == 0
    assert prune(shop.root, shop.channel, ledger_now + 15 * DAY, shop.engine) == 1
    assert not folder.exists()


def test_what_may_not_be_removed_is_one_sentence(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, **_: object) -> None:
        raise PermissionError(13, "Permission denied")

    staged(tmp_path, planned(shop), age=15 * DAY)
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(ConfigError, match=r"^The staging root cannot be written \(Permission denied\)"):
        prune(tmp_path, shop.channel, T0, shop.engine)
