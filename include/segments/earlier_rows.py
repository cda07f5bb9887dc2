"""The rows of files written before, read back to be held against new ones."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from include.segments.csv_lines import LineWriter, read_cells
from include.segments.export_folder import people_of
from include.segments.export_record import Earlier
from include.segments.private_file import FilePath
from include.segments.profiles.model import Layout
from include.segments.split_files import WrittenFile

_ROWS_AT_A_TIME = 5000
_BYTES_AT_A_TIME = 1 << 20
_READ = ("full", "added", "removed")


@dataclass(frozen=True, slots=True)
class EarlierFiles:
    """The files of an export of before.

    Attributes:
        earlier: the export.
        folder: the segment's.
        layout: of the new file, whose identity columns are looked for.
    """

    earlier: Earlier
    folder: FilePath
    layout: Layout

    def can_be_compared(self) -> bool:
        """Whether they are there as they were written, and told their rows apart by the same columns."""
        files = [file for file in self.earlier.files if file.kind in _READ]
        try:
            if not self._of("full") or not self._have_people():
                return False
            if any(_sha256(self.folder / file.name) != file.sha256 for file in files):
                return False
            return set(self._identity()) <= set(self._headers("full")) and self._removed_as_now()
        except OSError:
            return False

    def has_same_columns(self) -> bool:
        """Whether a line that is the same says the same."""
        return self._headers("full") == list(self.layout.headers)

    def full(self) -> Iterator[list[tuple[str, str, str]]]:
        """Batches of the rows of the full file: `person, identity, line`."""
        lines, persons = LineWriter(), self._persons("full")
        places = [self._headers("full").index(name) for name in self._identity()]
        rows = (
            (next(persons), lines.line([cells[place] for place in places]), lines.line(cells))
            for cells in self._cells("full")
        )
        return _batches(rows)

    def removed(self) -> Iterator[list[tuple[str, str]]]:
        """Batches of who was told to be removed: `person, identity`."""
        lines, persons = LineWriter(), self._persons("removed")
        return _batches((next(persons), lines.line(cells)) for cells in self._cells("removed"))

    def added(self) -> Iterator[list[tuple[str]]]:
        """Batches of who was told to be added or changed: `identity`."""
        lines = LineWriter()
        if not self._of("added"):
            return iter(())
        places = [self._headers("added").index(name) for name in self._identity()]
        return _batches((lines.line([cells[place] for place in places]),) for cells in self._cells("added"))

    def _of(self, kind: str) -> Sequence[WrittenFile]:
        return [file for file in self.earlier.files if file.kind == kind]

    def _identity(self) -> list[str]:
        return [self.layout.headers[place] for place in self.layout.identity]

    def _have_people(self) -> bool:
        kinds = [kind for kind in ("full", "removed") if self._of(kind)]
        return all(self._people(kind).exists() for kind in kinds)

    def _removed_as_now(self) -> bool:
        return not self._of("removed") or self._headers("removed") == self._identity()

    def _people(self, kind: str) -> FilePath:
        return people_of(self.folder / self.earlier.export.file_name, kind)

    def _headers(self, kind: str) -> list[str]:
        return next(_cells(self.folder / self._of(kind)[0].name))

    def _cells(self, kind: str) -> Iterator[list[str]]:
        """The rows of all parts, without their headers."""
        for file in self._of(kind):
            yield from islice(_cells(self.folder / file.name), 1, None)

    def _persons(self, kind: str) -> Iterator[str]:
        return read_people(self._people(kind)) if self._of(kind) else iter(())


def read_people(file: FilePath) -> Iterator[str]:
    """The keyed hashes of whose rows they are, of a `.people` file, line by line."""
    return (person for person, *_ in read_known_as(file))


def read_known_as(file: FilePath) -> Iterator[list[str]]:
    """The lines of a `.people` file: the hash of whose row it is, then what else the person is known as."""
    with file.open("rb") as raw, io.TextIOWrapper(raw, encoding="ascii") as text:
        for line in text:
            yield line.split()


def _batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(rows, _ROWS_AT_A_TIME)):
        yield batch


def _cells(path: FilePath) -> Iterator[list[str]]:
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding="utf-8", newline="") as text:
        yield from read_cells(text)


def _sha256(path: FilePath) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_BYTES_AT_A_TIME):
            digest.update(piece)
    return digest.hexdigest()
