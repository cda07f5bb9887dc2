"""Where the rows of an export wait before they become files: temporary tables of its transaction.

What concerns all rows at once (one row per person, what is new since the last files, who is blocked) is a query there,
so that memory does not depend on how many there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Table, text

from include.reports.temporary import analyze, make_temporary, temporary
from include.segments.csv_lines import LineWriter
from include.warehouse.schema import KEY

_AT_A_TIME = 5000
# "C" as keys have it: comparing by bytes is several times faster than by a language's rules, and the same everywhere.
ROWS = temporary(
    "export_rows",
    Column("line_number", BigInteger),
    Column("who", KEY),
    Column("person", KEY),
    Column("known_as", KEY),
    Column("identity", KEY),
    Column("line", KEY),
    Column("neutralised", BigInteger),
)
BLOCKED = temporary("export_blocked", Column("person", KEY), Column("email", KEY), Column("who", KEY))
EARLIER = temporary("export_earlier", Column("person", KEY), Column("identity", KEY), Column("line", KEY))
CHANGED = temporary("export_changed", Column("identity", KEY))
_ALL = (ROWS, BLOCKED, EARLIER, CHANGED)

_DROP_BLOCKED = """
delete from export_rows as rows
using export_blocked as blocked
where blocked.who = rows.who and blocked.who <> '' and blocked.person <> rows.person
"""
_DROP_DOUBLED = """
delete from export_rows
using (
    select line_number, row_number() over (partition by who order by line_number) as place from export_rows
) as ranked
where export_rows.line_number = ranked.line_number and ranked.place > 1
"""
_NEUTRALISED = "select coalesce(sum(neutralised), 0) from export_rows"
_LINES = "select line, person || known_as from export_rows order by line_number"
_FORGET_CHANGED = """
update export_earlier as earlier set line = ''
from export_changed as changed
where earlier.identity = changed.identity
"""
_ADDED = """
select line from export_rows as rows
where not exists (
    select from export_earlier as earlier
    where earlier.identity = rows.identity and earlier.line = rows.line
)
order by line_number
"""
# An erased person is taken out by whoever answers for the platform: a file must not name them once more.
_REMOVED = """
select distinct on (identity) identity, person from export_earlier as earlier
where
    not exists (select from export_rows as rows where rows.identity = earlier.identity)
    and not exists (select from ops.erasures as erasures where erasures.email_hash = earlier.person)
order by identity, person
"""
_BLOCKED = """
select distinct email, person from export_blocked as blocked
where
    not exists (select from export_rows as rows where rows.person = blocked.person)
    and not exists (select from ops.erasures as erasures where erasures.email_hash = blocked.person)
order by email, person
"""


class Staging:
    """The temporary tables of one export, empty at first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lines = LineWriter()
        self._count = 0
        for table in _ALL:
            make_temporary(connection, table)

    def drop(self) -> None:
        """Make room for the next export of the same transaction."""
        for table in _ALL:
            table.drop(self._connection)

    def add_rows(self, rows: Sequence[tuple[object, ...]]) -> None:
        """Stage rows (`who, person, known_as, identity, line, neutralised`); they keep their order."""
        numbered = [(self._count + place, *row) for place, row in enumerate(rows)]
        self._count += len(rows)
        self._copy(ROWS, numbered)

    def add_blocked(self, blocked: Sequence[tuple[str, ...]]) -> None:
        """Note whom platforms must not write to (`person, email, who`); other rows of the same `who` go."""
        self._copy(BLOCKED, blocked)

    def add_earlier(self, rows: Sequence[tuple[str, ...]]) -> None:
        """Stage rows of the files before (`person, identity, line`); a line that is empty is like no new one."""
        self._copy(EARLIER, rows)

    def add_changed(self, identities: Sequence[tuple[str]]) -> None:
        """Note whose rows somebody may have in another state than the last files say."""
        self._copy(CHANGED, identities)

    def settle(self) -> tuple[int, int]:
        """Leave one row per person; how many went because the person said no, and because they were doubled."""
        for table in (ROWS, BLOCKED):
            analyze(self._connection, table)
        blocked = self._connection.execute(text(_DROP_BLOCKED)).rowcount
        return blocked, self._connection.execute(text(_DROP_DOUBLED)).rowcount

    def neutralised(self) -> int:
        """Cells of the rows that were kept from running as a formula."""
        return int(self._connection.execute(text(_NEUTRALISED)).scalar_one())

    def lines(self) -> Iterator[tuple[str, str]]:
        """Every row with its person's hash and what else they are known as, in order."""
        return ((line, people) for line, people in self._stream(_LINES))

    def added(self) -> Iterator[str]:
        """Rows that the files before do not have like this."""
        return (line for (line,) in self._stream(_ADDED))

    def removed(self) -> Iterator[tuple[str, str]]:
        """Identities that only the files before have, each with its person's hash, without erased people."""
        return ((identity, person) for identity, person in self._stream(_REMOVED))

    def blocked(self) -> Iterator[tuple[str, str]]:
        """Addresses that platforms must not write to with their hashes, without those of the rows and of the erased."""
        return ((email, person) for email, person in self._stream(_BLOCKED))

    def settle_earlier(self) -> None:
        """Say that all of the files before is staged."""
        for table in (EARLIER, CHANGED):
            analyze(self._connection, table)
        self._connection.execute(text(_FORGET_CHANGED))

    def _stream(self, query: str) -> Iterator[Sequence[Any]]:
        with self._connection.execute(text(query).execution_options(yield_per=_AT_A_TIME)) as rows:
            yield from rows

    def _copy(self, table: Table, rows: Sequence[Sequence[object]]) -> None:
        if not rows:
            return
        driver: Any = self._connection.connection.driver_connection
        # Quoted line by line: an empty text is no NULL then.
        lines = "\n".join(self._lines.line(row) for row in rows) + "\n"
        statement = f"copy {table.name} from stdin (format csv, null '\\N')"
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(lines)
