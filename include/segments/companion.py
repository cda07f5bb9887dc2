"""The suppression companion of an export: addresses that the platform must not write to any more.

Everybody on the newsletter lists of the segment's channels who unsubscribed or is suppressed, and suppressed members;
nobody who is in the full file, and no erased person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, text

from include.identity.guest_keys import GuestKeys
from include.segments.loading import Segment
from include.segments.profiles.addresses import is_address
from include.segments.profiles.recipient import UNSUBSCRIBED
from include.segments.sifting import Blocked, Suppressed
from include.segments.staging import Staging

_AT_A_TIME = 5000
_LISTED = """
select consent.channel_code, consent.email_normalised, consent.state
from marketing.consent as consent
inner join ops.channels as channels on consent.channel_code = channels.channel_code
where channels.is_active and (:every_channel or consent.channel_code = any(:channels))
"""


def stage_blocked(
    connection: Connection, staging: Staging, segment: Segment, keys: GuestKeys, suppressed: Suppressed
) -> None:
    """Stage who on the newsletter lists must not be written to."""
    channels = list(segment.contract.channels)
    listed = text(_LISTED).execution_options(yield_per=_AT_A_TIME)
    values = {"every_channel": not channels, "channels": channels}
    with connection.execute(listed, values) as rows:
        # Said here once more: of a statement given as text, SQLAlchemy would hand over all rows at once.
        for batch in rows.partitions(_AT_A_TIME):
            staging.add_blocked(list(_blocked(connection, batch, keys, suppressed)))


def _blocked(
    connection: Connection, batch: Sequence[Sequence[str]], keys: GuestKeys, suppressed: Suppressed
) -> Iterator[Blocked]:
    entries = [
        (channel, email, state, keys.email_hash(email))
        for channel, email, state in batch
        if is_address(email)
    ]
    stopped = {
        (channel, person)
        for channel in {entry[0] for entry in entries}
        for person in suppressed(connection, [entry[3] for entry in entries if entry[0] == channel], channel)
    }
    for channel, email, state, person in entries:
        if state == UNSUBSCRIBED or (channel, person) in stopped:
            yield Blocked(person, email)
