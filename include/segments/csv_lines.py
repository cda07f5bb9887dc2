"""Lines of a CSV file (RFC 4180) as texts: what tells two exports apart is what stands in their files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

END = "\r\n"


class LineWriter:
    """Makes lines of cells, without their ends."""

    def __init__(self) -> None:
        self._buffer = io.StringIO(newline="")
        # Only with a line's end to look for are cells quoted that hold one (Python before 3.13).
        self._writer = csv.writer(self._buffer, lineterminator=END)

    def line(self, cells: Sequence[object]) -> str:
        """One line; cells with commas, quotes or line breaks are quoted."""
        self._writer.writerow(cells)
        written = self._buffer.getvalue()[: -len(END)]
        self._buffer.seek(0)
        self._buffer.truncate()
        return written


def read_cells(lines: Iterable[str]) -> Iterator[list[str]]:
    """The cells of a file, row by row; lines keep their ends (`newline=""`)."""
    return csv.reader(lines, strict=True)
