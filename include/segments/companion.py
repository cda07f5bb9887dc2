"""Whom a platform must not write to any more: what its suppression companion holds, and no row of it may name.

Everybody on the newsletter list of the file's channel who unsubscribed or is suppressed, there or at another address of
the account, and suppressed members; nobody who is in the full file, and no erased person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, text

from include.segments.profiles.addresses import is_address
from include.segments.profiles.recipient import UNSUBSCRIBED, Recipient
from include.segments.sifting import Blocked, Sieve, blocked_who
from include.segments.staging import Staging

_AT_A_TIME = 5000
# Few accounts have several addresses: these are found first, so that a long list is not looked up entry by entry.
_LISTED = """
with several as (
    select customers.account_key
    from crm.customers as customers
    where customers.account_key is not null
    group by customers.account_key
    having min(customers.email_normalised) < max(customers.email_normalised)
),

known as (
    select theirs.email_normalised, array_agg(distinct others.email_normalised) as other_emails
    from several
    inner join crm.customers as theirs on several.account_key = theirs.account_key
    inner join crm.customers as others on several.account_key = others.account_key
    where theirs.channel_code = :channel and others.email_normalised <> theirs.email_normalised
    group by theirs.email_normalised
)

select consent.email_normalised, consent.state, known.other_emails
from marketing.consent as consent
left join known on consent.email_normalised = known.email_normalised
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
    connection: Connection, batch: Sequence[Sequence[Any]], channel_code: str, sieve: Sieve
) -> Iterator[Blocked]:
    entries = [
        Recipient(channel_code, "", email_normalised=email, consent_state=state, other_emails=others)
        for email, state, others in batch
        if is_address(email)
    ]
    for entry, (person, is_stopped) in zip(entries, sieve.look_up(connection, entries), strict=True):
        if entry.consent_state == UNSUBSCRIBED or is_stopped:
            yield Blocked(person, entry.email_normalised or "", blocked_who(sieve.layout.profile, entry))
