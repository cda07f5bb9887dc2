"""Whether files may still go: hours can lie between their writing and a delivery that was tried again.

Beside the files of an export lie keyed hashes of whose rows they hold: of the address, of the mailbox where the
platform goes by it, of the account's other addresses. These are held against suppressions and erasures of now. Somebody
who unsubscribed from a newsletter meanwhile is told by the next export.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Column, Connection, Engine, Text, text

from include.errors import ConfigError
from include.reports.temporary import analyze, make_temporary, temporary
from include.segments.earlier_rows import read_known_as, read_people
from include.segments.export_folder import APART, people_of
from include.segments.private_file import FilePath
from include.suppressions.tables import EVERY_CHANNEL, REASONS_OF_PEOPLE

_AT_A_TIME = 50_000
_PEOPLE = temporary("delivered_people", Column("hash", Text), Column("whose", Text))
# Whoever is suppressed may be told to be removed, or not to be written to; whoever is erased is in no file.
_STOPPED = text(
    """
    with known as (
        select address_hash as hash, reason from marketing.suppressions
        where scope in (:channel, :everywhere) and lifted_at is null
        union all
        select mailbox_hash as hash, reason from marketing.suppressions
        where scope in (:channel, :everywhere) and lifted_at is null and mailbox_hash is not null
    )

    select exists (
        select from delivered_people as people
        inner join known on people.hash = known.hash
        where people.whose = 'own' or (people.whose = 'other' and known.reason = any(:reasons))
        union all
        select from delivered_people as people
        inner join ops.erasures as erasures on people.hash = erasures.email_hash
        where people.whose <> 'other'
    )
    """
)
_WHOSE = {"=": "own", "+": "other"}


def may_still_go(engine: Engine, full_file: FilePath, channel_code: str) -> bool:
    """Whether nobody in the files of an export was suppressed or erased since.

    Args:
        engine: on the warehouse.
        full_file: of the export.
        channel_code: whose people they are.

    Raises:
        ConfigError: what says who is in them is gone.
    """
    with engine.begin() as connection:
        make_temporary(connection, _PEOPLE)
        try:
            _stage(connection, _known_as(people_of(full_file)))
        except FileNotFoundError:
            raise ConfigError(
                f"Who is in {full_file.name} stands nowhere any more, so it was not delivered: export again."
            ) from None
        for kind in APART:
            if people_of(full_file, kind).exists():
                _stage(connection, ((person, "apart") for person in read_people(people_of(full_file, kind))))
        analyze(connection, _PEOPLE)
        scopes = {"channel": channel_code, "everywhere": EVERY_CHANNEL}
        asked = {"reasons": list(REASONS_OF_PEOPLE), **scopes}
        return not connection.execute(_STOPPED, asked).scalar_one()


def _known_as(people: FilePath) -> Iterator[tuple[str, str]]:
    """All hashes of those who are written to, each with whose it is."""
    for person, *more in read_known_as(people):
        yield person, "own"
        for one in more:
            yield one[1:], _WHOSE[one[0]]


def _stage(connection: Connection, people: Iterable[tuple[str, str]]) -> None:
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"copy {_PEOPLE.name} from stdin") as copy:
        for batch in _batches(iter(people)):
            copy.write("".join(f"{one}\t{whose}\n" for one, whose in batch))


def _batches(people: Iterator[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    while batch := list(islice(people, _AT_A_TIME)):
        yield batch
