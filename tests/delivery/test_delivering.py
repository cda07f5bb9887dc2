from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import pytest
from sqlalchemy import Engine

from include.delivery.delivering import Delivered, deliver
from include.delivery.folder import FolderPlace
from include.delivery.parcel import Parcel
from include.errors import ConfigError, TransientError
from tests.suppressions.addresses import NOW, rows

SENT = "select file_name from marketing.deliveries where destination = 'tool' order by delivery_id"


@dataclass
class Shelf:
    """A place in memory that remembers in which order things came.

    Attributes:
        breaks_at: name of a file that it breaks off at.
    """

    takes_rows: bool = True
    breaks_at: str | None = None
    got: list[str] = field(default_factory=list)
    entered: int = 0

    def put(self, name: str, source: IO[bytes], byte_count: int) -> None:
        if name == self.breaks_at:
            raise TransientError("broke off")
        assert len(source.read()) == byte_count
        self.got.append(name)

    def __enter__(self) -> Self:
        self.entered += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def go(engine: Engine, parcel: Parcel, shelf: Shelf, to: str = "tool") -> Delivered:
    return deliver(engine, parcel, to, shelf, lambda: NOW)


def test_files_go_in_order_and_the_manifest_last(database: Engine, parcel: Parcel) -> None:
    shelf = Shelf()
    sent = go(database, parcel, shelf)
    assert (sent.file_count, shelf.got) == (3, ["a.csv", "b.csv", "a.json"])
    assert rows(database, "select distinct segment_name, delivered_at from marketing.deliveries") == [
        ("champions", NOW)
    ]


def test_what_was_delivered_is_not_sent_again(database: Engine, parcel: Parcel) -> None:
    go(database, parcel, Shelf())
    shelf = Shelf()
    assert go(database, parcel, shelf) == Delivered(file_count=0, byte_count=0)
    assert (shelf.entered, shelf.got) == (0, [])


def test_another_destination_gets_it_too(database: Engine, parcel: Parcel) -> None:
    go(database, parcel, Shelf())
    shelf = Shelf()
    assert go(database, parcel, shelf, "other").file_count == 3


def test_other_bytes_under_the_same_name_are_sent(database: Engine, parcel: Parcel) -> None:
    go(database, parcel, Shelf())
    (Path(str(parcel.folder)) / parcel.files[0]).write_text("email\nbob@example.com\n")
    shelf = Shelf()
    go(database, parcel, shelf)
    assert shelf.got == ["a.csv"]


def test_a_delivery_that_broke_off_goes_on_where_it_was(database: Engine, parcel: Parcel) -> None:
    with pytest.raises(TransientError):
        go(database, parcel, Shelf(breaks_at="b.csv"))
    assert rows(database, SENT) == [("a.csv",)]
    shelf = Shelf()
    go(database, parcel, shelf)
    assert shelf.got == ["b.csv", "a.json"]


def test_who_gets_no_rows_gets_the_manifest_only(database: Engine, parcel: Parcel) -> None:
    shelf = Shelf(takes_rows=False)
    go(database, parcel, shelf)
    assert shelf.got == ["a.json"]


def test_a_file_that_is_gone_is_said_and_nothing_is_sent(database: Engine, parcel: Parcel) -> None:
    (Path(str(parcel.folder)) / parcel.files[1]).unlink()
    shelf = Shelf()
    with pytest.raises(ConfigError, match=r"b\.csv is no longer in the export folder"):
        go(database, parcel, shelf)
    assert shelf.entered == 0


def test_checksums_are_of_what_arrived(database: Engine, parcel: Parcel, tmp_path: Path) -> None:
    deliver(database, parcel, "tool", FolderPlace("tool", tmp_path / "out"), lambda: NOW)
    kept = rows(database, "select file_name, sha256, byte_count from marketing.deliveries")
    import hashlib

    arrived = [
        (path.name, hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size)
        for path in (tmp_path / "out").iterdir()
    ]
    assert sorted(kept) == sorted(arrived)
