"""Rows written to as many files as a platform's limits ask for; each begins with the header."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import NamedTuple

from include.segments.csv_lines import END
from include.segments.private_file import HashedFile
from include.segments.publication import Publication


class Limits(NamedTuple):
    """What one file may hold at most, its header not counted as a row but in bytes. None: as much as there is."""

    max_bytes: int | None = None
    max_rows: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """A file of an export.

    Attributes:
        name: within the segment's folder.
        kind: full, added, removed or suppression.
        part_number: counted from 1.
        row_count: rows without the header.
        byte_count: its size.
        sha256: its checksum, hexadecimal.
    """

    name: str
    kind: str
    part_number: int
    row_count: int
    byte_count: int
    sha256: str


class _Part:
    """One file being written."""

    def __init__(self, publication: Publication, name: str, header: str) -> None:
        self.name, self.row_count, self._open = name, 0, ExitStack()
        self.file: HashedFile = self._open.enter_context(publication.file(name))
        self.file.write(header + END)

    def has_room(self, size: int, limits: Limits) -> bool:
        """Whether a line of this size may still be in it; the first always may."""
        if self.row_count == 0:
            return True
        in_bytes = limits.max_bytes is None or self.file.byte_count + size <= limits.max_bytes
        return in_bytes and (limits.max_rows is None or self.row_count < limits.max_rows)

    def close(self) -> None:
        self._open.close()


def write_split(
    publication: Publication, stem: str, kind: str, header: str, lines: Iterable[str], limits: Limits
) -> list[WrittenFile]:
    """Write lines to `<stem>.csv`, `<stem>-part2.csv` and so on; at least one file, be it only a header.

    Args:
        publication: that the files belong to.
        stem: of their names.
        kind: what they are.
        header: first line of each.
        lines: without their ends.
        limits: of the platform.
    """
    part, written = _Part(publication, f"{stem}.csv", header), list[WrittenFile]()
    try:
        for line in lines:
            encoded = line + END
            if not part.has_room(len(encoded.encode()), limits):
                part.close()
                written.append(_told(part, kind, len(written) + 1))
                part = _Part(publication, f"{stem}-part{len(written) + 1}.csv", header)
            part.file.write(encoded)
            part.row_count += 1
    finally:
        part.close()
    return [*written, _told(part, kind, len(written) + 1)]


def _told(part: _Part, kind: str, number: int) -> WrittenFile:
    return WrittenFile(
        name=part.name,
        kind=kind,
        part_number=number,
        row_count=part.row_count,
        byte_count=part.file.byte_count,
        sha256=part.file.sha256,
    )
