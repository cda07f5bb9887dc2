from __future__ import annotations

import gzip
import io
import os
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from errno import EACCES, EDQUOT, EIO, ENOENT, ENOSPC, ENOTDIR, EPERM, EROFS
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pytest
from upath import UPath

from include.errors import ConfigError, TransientError
from include.magento.door import Selection
from include.sync.extract import PART_RECORDS
from include.sync.staging import attempt_of, new_stage, open_stage, writing
from include.sync.window import WindowKind, WindowState
from tests.sync.records import order
from tests.sync.shop import Shop

FRAME = pa.table({"a": [1, 2]})


class ObjectStore:
    """A bucket: files by name, and no such thing as an empty folder."""

    def __init__(self, files: dict[str, bytes] | None = None, path: str = "") -> None:
        self.files = {} if files is None else files
        self.path = path

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    def __truediv__(self, other: str) -> ObjectStore:
        return ObjectStore(self.files, f"{self.path}/{other}")

    def mkdir(self, *, parents: bool = False, exist_ok: bool = False) -> None:
        """Folders come with their files."""

    def exists(self) -> bool:
        return any(name == self.path or name.startswith(f"{self.path}/") for name in self.files)

    def iterdir(self) -> Iterator[ObjectStore]:
        below = f"{self.path}/"
        names = {name[len(below) :].partition("/")[0] for name in self.files if name.startswith(below)}
        return iter([self / name for name in sorted(names)])

    def unlink(self) -> None:
        del self.files[self.path]

    def open(self, mode: str = "rb", **_: Any) -> IO[Any]:
        if "r" in mode:
            return io.BytesIO(self.files[self.path])
        files, path = self.files, self.path

        class Upload(io.BytesIO):
            def close(self) -> None:
                files[path] = self.getvalue()
                super().close()

        return Upload()


@pytest.fixture(params=["folder", "object store"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path | ObjectStore:
    return tmp_path if request.param == "folder" else ObjectStore()


def test_what_is_staged_comes_back_in_order(root: Path | ObjectStore) -> None:
    stage = new_stage(root, "us", "orders", 1)
    for number in range(12):
        stage.write_part({"orders": pa.table({"a": [number]}), "order_items": FRAME.slice(0, 0)})
    stage.write_records([{"order_id": "1", "name": "größ\n"}])
    stage.write_records([{"order_id": "2"}])
    reopened = open_stage(root, stage.path)
    assert [part["a"].to_pylist() for part in reopened.parts("orders")] == [[n] for n in range(12)]
    assert list(reopened.parts("order_items")) == []
    assert list(reopened.records()) == [{"order_id": "1", "name": "größ\n"}, {"order_id": "2"}]


def test_table_whose_name_begins_another_s_gets_only_its_own_parts(root: Path | ObjectStore) -> None:
    stage = new_stage(root, "us", "orders", 1)
    stage.write_part({"order": FRAME, "order_items": FRAME, "orders": FRAME})
    assert len(list(stage.parts("order"))) == 1


def test_part_n_of_every_table_holds_the_same_records(root: Path | ObjectStore) -> None:
    stage = new_stage(root, "us", "orders", 1)
    stage.write_part({"orders": FRAME, "order_items": FRAME.slice(0, 0)})
    stage.write_part({"orders": FRAME, "order_items": FRAME})
    parts = list(open_stage(root, stage.path).frames())
    assert [sorted(part) for part in parts] == [["orders"], ["order_items", "orders"]]
    assert parts[1] == {"orders": FRAME, "order_items": FRAME}


def test_name_of_a_folder_tells_window_and_beginning_of_the_attempt(tmp_path: Path) -> None:
    began = datetime(2026, 4, 1, 12, tzinfo=UTC)
    folder = new_stage(tmp_path, "us", "orders", 42, now=began).folder
    assert attempt_of(folder.name) == (42, began)
    assert attempt_of("42") is attempt_of("lost+found") is attempt_of("42-abc") is None


@pytest.mark.parametrize("root_of", [Path, lambda path: UPath(f"file://{path}")], ids=["path", "file://"])
def test_what_is_staged_is_for_its_owner_only(tmp_path: Path, root_of: Callable[[Path], Any]) -> None:
    """Raw records and frames are personal data, whatever the umask of who runs the sync."""
    stage = new_stage(root_of(tmp_path / "data" / "staging"), "us", "orders", 1)
    stage.write_part({"orders": FRAME})
    stage.write_records([{"order_id": "1"}])
    stage.write_refused([{"record_key": "us:1"}], by="extract")
    made = list((tmp_path / "data").rglob("*"))
    modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in [tmp_path / "data", *made]}
    assert len(made) == 4 + 4
    assert modes == {(True, 0o700), (False, 0o600)}


def test_attempts_never_share_a_folder(root: Path | ObjectStore) -> None:
    first, second = new_stage(root, "us", "orders", 1), new_stage(root, "us", "orders", 1)
    first.write_part({"orders": FRAME})
    assert first.path != second.path
    assert list(second.parts("orders")) == []


def test_refusals_of_one_verb_never_overwrite_those_of_another(root: Path | ObjectStore) -> None:
    stage = new_stage(root, "us", "orders", 1)
    stage.write_refused([{"record_key": "us:1"}], by="extract")
    stage.write_refused([{"record_key": "us:2"}], by="extract")
    open_stage(root, stage.path).write_refused([{"record_key": "us:3"}], by="validate")
    assert sorted(entry["record_key"] for entry in stage.refused()) == ["us:1", "us:2", "us:3"]


def test_repeated_verb_replaces_its_refusals(root: Path | ObjectStore) -> None:
    stage = new_stage(root, "us", "orders", 1)
    for _ in range(2):
        open_stage(root, stage.path).write_refused([{"record_key": "us:3"}], by="validate")
    assert [entry["record_key"] for entry in stage.refused()] == ["us:3"]


def test_loaded_parts_are_dropped_and_the_raw_copy_stays(root: Path | ObjectStore) -> None:
    stage = new_stage(root, "us", "orders", 1)
    stage.write_part({"orders": FRAME})
    stage.write_refused([{"record_key": "us:1"}], by="extract")
    stage.write_records([{"order_id": "1"}])
    stage.drop_parts()
    assert [path.name for path in stage.folder.iterdir()] == ["raw-0001.jsonl.gz"]


def test_window_without_rows_is_found_again(root: Path | ObjectStore) -> None:
    stage = open_stage(root, new_stage(root, "us", "orders", 1).path)
    assert list(stage.parts("orders")) == list(stage.frames()) == []
    assert list(stage.refused()) == list(stage.records()) == []


def test_parts_of_another_worker_s_storage_are_one_sentence(root: Path | ObjectStore) -> None:
    with pytest.raises(
        ConfigError, match=r"let all workers share the storage that CRM_STAGING_URL names, then run again\.$"
    ):
        open_stage(root, "us/orders/1-gone")


def test_root_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("a file")
    with pytest.raises(
        ConfigError, match=r"^The staging root cannot be written \(.+\): free space .+ elsewhere\.$"
    ):
        new_stage(tmp_path / "in the way", "us", "orders", 1)


class FullDisk(ObjectStore):
    """Takes folders and marks, and no data."""

    def __truediv__(self, other: str) -> FullDisk:
        return FullDisk(self.files, f"{self.path}/{other}")

    def open(self, mode: str = "rb", **_: Any) -> IO[Any]:
        return super().open(mode) if self.name == "stage" else Path("/dev/full").open(mode)


@pytest.mark.parametrize("number", [ENOSPC, EDQUOT, EACCES, EPERM, EROFS, ENOTDIR, ENOENT])
def test_what_only_a_person_can_mend_is_not_tried_again(number: int) -> None:
    with (
        pytest.raises(ConfigError, match=r"^The staging root cannot be written \(.+\): free space"),
        writing(),
    ):
        raise OSError(number, os.strerror(number))


@pytest.mark.parametrize("error", [TimeoutError(), ConnectionError("reset"), OSError(EIO, "I/O error")])
def test_storage_that_does_not_answer_is_tried_again(error: OSError) -> None:
    with (
        pytest.raises(
            TransientError, match=r"cannot be written just now \(.+\): try again later, .+ CRM_STAGING_URL"
        ),
        writing(),
    ):
        raise error


def test_object_store_s_refusal_without_a_number_is_for_a_person() -> None:
    with pytest.raises(ConfigError), writing():
        raise PermissionError("Access Denied")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_full_disk_stops_the_batch_with_one_sentence_and_loads_nothing(shop: Shop) -> None:
    shop.root, shop.door.records = FullDisk(), [order(1)]
    windows = shop.plan("orders")
    with pytest.raises(ConfigError, match=r"cannot be written \(No space left on device\): free space there"):
        shop.batch("orders", windows).extract(shop.extraction("orders"))
    assert shop.window(windows[0].window_id).state is WindowState.FAILED


def test_trouble_with_the_network_is_not_taken_for_a_full_disk(shop: Shop) -> None:
    def cut(_: Selection) -> None:
        raise ConnectionResetError(104, "Connection reset by peer")

    shop.door.records, shop.door.before_page = [order(1)], cut
    with pytest.raises(ConnectionResetError):
        shop.extraction("orders").window(shop.planned("orders"))


def test_parts_are_bounded_in_size_and_raw_copies_are_compressed(shop: Shop) -> None:
    window = shop.staged(
        shop.planned("orders", WindowKind.INITIAL, id_low=0, id_high=1400), [order(n) for n in range(1, 1401)]
    )
    stage = shop.stage(window)
    assert [part.num_rows for part in stage.parts("orders")] == [1000, 400]
    assert isinstance(stage.folder, Path)
    raw = sorted(stage.folder.glob("raw-*"))
    assert len(raw) > 1
    assert gzip.decompress(raw[0].read_bytes()).count(b"\n") == PART_RECORDS // 2 - 1


def test_temporary_trouble_keeps_its_class(shop: Shop) -> None:
    def busy(_: Selection) -> None:
        raise TransientError("The store is busy: try again later.")

    shop.door.records, shop.door.before_page = [order(1)], busy
    with pytest.raises(TransientError):
        shop.extraction("orders").window(shop.planned("orders", WindowKind.INITIAL, id_low=0, id_high=1))
