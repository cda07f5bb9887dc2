"""Whom a platform must not write to any more: what its suppression companion holds, and no row of it may name.

Everybody on the newsletter list of the file's channel who unsubscribed or is suppressed, and suppressed members;
nobody who is in the full file, and no erased person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, text

from include.segments.profiles.addresses import is_address
from include.segments.profiles.recipient import UNSUBSCRIBED, Recipient
from include.segments.sifting import Blocked, Sieve, blocked_who
from include.segments.staging import Staging

_AT_A_TIME = 5000
_LISTED = """
select consent.email_normalised, consent.state
from marketing.consent as consent
where consent.channel_code = :channel
"""


def stage_blocked(connection: Connection, staging: Staging, channel_code: str, sieve: Sieve) -> None:
    """Stage who on the newsletter lists of a channel must not be written to."""
    listed = text(_LISTED).execution_options(yield_per=_AT_A_TIME)
    with connection.execute(listed, {"channel": channel_code}) as rows:
        # Said here once more: of a statement given as text, SQLAlchemy would hand over all rows at once.
        for batch in rows.partitions(_AT_A_TIME):
            staging.add_blocked(list(_blocked(connection, batch, channel_code, sieve)))


def _blocked(
    connection: Connection, batch: Sequence[Sequence[str]], channel_code: str, sieve: Sieve
) -> Iterator[Blocked]:
    entries = [(email, state, sieve.keys.email_hash(email)) for email, state in batch if is_address(email)]
    stopped = sieve.suppressed(connection, [person for _, _, person in entries], channel_code)
    for email, state, person in entries:
        if state == UNSUBSCRIBED or person in stopped:
            recipient = Recipient(channel_code, "", email_normalised=email)
            yield Blocked(person, email, blocked_who(sieve.layout.profile, recipient))
