"""The rows of files written before, read back to be held against new ones."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence

from include.segments.csv_lines import LineWriter, read_cells
from include.segments.export_folder import people_of
from include.segments.export_record import Earlier
from include.segments.private_file import FilePath
from include.segments.profiles.model import Layout
from include.segments.split_files import WrittenFile

_ROWS_AT_A_TIME = 5000
_BYTES_AT_A_TIME = 1 << 20


def earlier_rows(earlier: Earlier, folder: FilePath, layout: Layout) -> Iterator[list[tuple[str, str, str]]]:
    """Batches of rows (`person, identity, line`) of the full file; none where identities were other columns.

    Args:
        earlier: whose files are untouched (`is_untouched`).
        folder: the segment's.
        layout: of the new file, whose identity columns are looked for.
    """
    lines, names = LineWriter(), [layout.headers[place] for place in layout.identity]
    batch: list[tuple[str, str, str]] = []
    persons = _persons(folder / earlier.export.file_name)
    for file in _full(earlier):
        rows = _cells(folder / file.name)
        headers = next(rows)
        if not set(names) <= set(headers):
            return
        identity = [headers.index(name) for name in names]
        for cells in rows:
            batch.append((next(persons), lines.line([cells[place] for place in identity]), lines.line(cells)))
            if len(batch) == _ROWS_AT_A_TIME:
                yield batch
                batch = []
    if batch:
        yield batch


def is_untouched(earlier: Earlier, folder: FilePath) -> bool:
    """Whether the full file and its people are there as they were written."""
    files = _full(earlier)
    try:
        if not files or not people_of(folder / earlier.export.file_name).exists():
            return False
        return all(_sha256(folder / file.name) == file.sha256 for file in files)
    except OSError:
        return False


def _full(earlier: Earlier) -> Sequence[WrittenFile]:
    return [file for file in earlier.files if file.kind == "full"]


def _cells(path: FilePath) -> Iterator[list[str]]:
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding="utf-8", newline="") as text:
        yield from read_cells(text)


def _persons(file: FilePath) -> Iterator[str]:
    with people_of(file).open("rb") as raw, io.TextIOWrapper(raw, encoding="ascii") as text:
        for line in text:
            yield line.rstrip("\n")


def _sha256(path: FilePath) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_BYTES_AT_A_TIME):
            digest.update(piece)
    return digest.hexdigest()
