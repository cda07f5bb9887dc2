"""Whether files may still go: hours can lie between their writing and a delivery that was tried again.

Beside the files of an export lie keyed hashes of whose rows they hold; these are held against suppressions and
erasures of now. Somebody who unsubscribed from a newsletter meanwhile is told by the next export.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Column, Connection, Engine, Text, text

from include.errors import ConfigError
from include.reports.temporary import analyze, make_temporary, temporary
from include.segments.earlier_rows import read_people
from include.segments.export_folder import APART, people_of
from include.segments.private_file import FilePath
from include.suppressions.tables import EVERY_CHANNEL

_AT_A_TIME = 50_000
_PEOPLE = temporary("delivered_people", Column("person", Text), Column("is_written_to", Text))
# Whoever is suppressed may be told to be removed, or not to be written to; whoever is erased is in no file.
_STOPPED = text(
    """
    select exists (
        select from delivered_people as people
        inner join marketing.suppressions as suppressions on people.person = suppressions.address_hash
        where
            people.is_written_to = 'yes' and suppressions.scope in (:channel, :everywhere)
            and suppressions.lifted_at is null
        union all
        select from delivered_people as people
        inner join ops.erasures as erasures on people.person = erasures.email_hash
    )
    """
)


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
            _stage(connection, read_people(people_of(full_file)), "yes")
        except FileNotFoundError:
            raise ConfigError(
                f"Who is in {full_file.name} stands nowhere any more, so it was not delivered: export again."
            ) from None
        for kind in APART:
            if people_of(full_file, kind).exists():
                _stage(connection, read_people(people_of(full_file, kind)), "no")
        analyze(connection, _PEOPLE)
        asked = {"channel": channel_code, "everywhere": EVERY_CHANNEL}
        return not connection.execute(_STOPPED, asked).scalar_one()


def _stage(connection: Connection, people: Iterable[str], is_written_to: str) -> None:
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"copy {_PEOPLE.name} from stdin") as copy:
        for batch in _batches(iter(people)):
            copy.write("".join(f"{person}\t{is_written_to}\n" for person in batch))


def _batches(people: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(people, _AT_A_TIME)):
        yield batch
