"""The suppression companion of an export: addresses that the platform must not write to any more.

Everybody on the newsletter list of the file's channel who unsubscribed or is suppressed, and suppressed members;
nobody who is in the full file, and no erased person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, text

from include.identity.guest_keys import GuestKeys
from include.segments.profiles.addresses import is_address
from include.segments.profiles.recipient import UNSUBSCRIBED
from include.segments.sifting import Blocked, Suppressed
from include.segments.staging import Staging

_AT_A_TIME = 5000
_LISTED = """
select consent.email_normalised, consent.state
from marketing.consent as consent
where consent.channel_code = :channel
"""


def stage_blocked(
    connection: Connection, staging: Staging, channel_code: str, keys: GuestKeys, suppressed: Suppressed
) -> None:
    """Stage who on the newsletter list of a channel must not be written to."""
    listed = text(_LISTED).execution_options(yield_per=_AT_A_TIME)
    with connection.execute(listed, {"channel": channel_code}) as rows:
        # Said here once more: of a statement given as text, SQLAlchemy would hand over all rows at once.
        for batch in rows.partitions(_AT_A_TIME):
            staging.add_blocked(list(_blocked(connection, batch, channel_code, keys, suppressed)))


def _blocked(
    connection: Connection,
    batch: Sequence[Sequence[str]],
    channel_code: str,
    keys: GuestKeys,
    suppressed: Suppressed,
) -> Iterator[Blocked]:
    entries = [(email, state, keys.email_hash(email)) for email, state in batch if is_address(email)]
    stopped = suppressed(connection, [person for _, _, person in entries], channel_code)
    for email, state, person in entries:
        if state == UNSUBSCRIBED or person in stopped:
            yield Blocked(person, email)
