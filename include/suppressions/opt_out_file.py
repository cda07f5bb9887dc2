"""One opt-out file, read from its first line to its last; a wrong line makes all of it wrong.

What is wrong is said with the line and without what stands in it: the sentence goes to logs and beside the file.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from include.errors import DataError
from include.identity.guest_keys import GuestKeys
from include.identity.normalisation import normalise_email
from include.suppressions.opt_out_forms import Form, UnknownWordError, form_of, normal_header
from include.suppressions.suppressing import OptOut, opt_out_of

_ADDRESS = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+")
_DELIMITERS = (",", ";", "\t")
_LONGEST_HEADER = 1 << 16
_KNOWN = (
    "drop the export of unsubscribed, bounced or complained people as the platform wrote it (which columns are looked "
    "for: include/suppressions/README.md)"
)


@dataclass
class OptOutFile:
    """A file whose header was read.

    Attributes:
        raw: its bytes, behind the header.
        keys: the secret of hashes.
        form: whose file it is.
        names: its columns, in normal form.
        delimiter: what parts them.
        row_count: rows read so far.
    """

    raw: IO[bytes]
    keys: GuestKeys
    form: Form
    names: list[str]
    delimiter: str
    row_count: int = 0

    def opt_outs(self) -> Iterator[OptOut]:
        """Everybody who is not to be written to, one after the other.

        Raises:
            DataError: a line is wrong; the sentence names it.
        """
        lines = (line.decode() for line in self.raw)
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        first = 2  # line of the row that comes next: a cell may go over several
        try:
            for cells in reader:
                if any(cells):
                    self.row_count += 1
                    yield from self._opt_out(cells, first)
                first = reader.line_num + 2
        except UnicodeDecodeError:
            raise _refused(reader.line_num + 2, "is not in UTF-8", "export it as CSV in UTF-8") from None
        except csv.Error:
            raise _refused(first, "has a cell that does not end", "export the file anew") from None

    def _opt_out(self, cells: list[str], line: int) -> Iterator[OptOut]:
        if len(cells) != len(self.names):
            raise _refused(
                line, f"has {len(cells)} cells where the header has {len(self.names)}", "export the file anew"
            )
        row = dict(zip(self.names, cells, strict=True))
        reason, written = self._reason(row, line), self.form.address_of(row)
        if reason is None or not written:  # somebody to write to, or known by telephone only
            return
        address = normalise_email(written)
        if address is None or not _ADDRESS.fullmatch(address):
            raise _refused(
                line, "has something in the column of the address that is no e-mail", "mend or delete it"
            )
        yield opt_out_of(self.keys, address, reason, self.form.occurred_at(row))

    def _reason(self, row: dict[str, str], line: int) -> str | None:
        try:
            return self.form.reason(row)
        except UnknownWordError:
            raise _refused(
                line,
                "has a state that could mean that the person may be written to, or that not",
                "leave only people in the file who opted out, and the column of the address",
            ) from None


def checksum(raw: IO[bytes]) -> str:
    """SHA-256 of all that is left to read, hexadecimal."""
    return hashlib.file_digest(raw, "sha256").hexdigest()  # type: ignore[arg-type]


def open_opt_out_file(raw: IO[bytes], keys: GuestKeys) -> OptOutFile:
    """Read the header.

    Raises:
        DataError: it is none of an opt-out file that we know.
    """
    try:
        first_line = raw.readline(_LONGEST_HEADER).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(1, "is not in UTF-8", "export it as CSV in UTF-8") from None
    for delimiter in _DELIMITERS:
        names = [normal_header(name) for name in next(csv.reader([first_line], delimiter=delimiter), [])]
        if (form := form_of(names)) is not None:
            return OptOutFile(raw, keys, form, names, delimiter)
    raise _refused(1, "is not the header of an opt-out file that we know", _KNOWN)


def _refused(line: int, what: str, mend: str) -> DataError:
    return DataError(f"Line {line} {what}: {mend}.")
