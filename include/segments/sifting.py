"""Who of a segment is exported, and who is left out and why.

In this order: no address, no consent, held out, suppressed, refused by the platform; when all rows are staged
(`include.segments.staging`), whoever is one mailbox to the platform with somebody who said no, and whoever has an
address that somebody before them has. Suppression is asked last of what concerns the person, and is stronger than
consent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection

from include.identity.guest_keys import GuestKeys
from include.identity.mailboxes import is_at_google, mailbox_of
from include.segments.csv_lines import LineWriter
from include.segments.hold_out import is_held_out
from include.segments.loading import Segment
from include.segments.profiles.model import Layout, Profile
from include.segments.profiles.recipient import SUBSCRIBED, UNSUBSCRIBED, Recipient

Suppressed = Callable[[Connection, Collection[str], str], set[str]]
"""Those of the hashed addresses that nobody may write to for a channel."""


@dataclass(slots=True, kw_only=True)
class Counts:
    """What became of a segment's members; they add up."""

    members: int = 0
    without_address: int = 0
    without_consent: int = 0
    held_out: int = 0
    suppressed: int = 0
    invalid: int = 0
    doubled: int = 0
    exported: int = 0


class Row(NamedTuple):
    """A row as it is staged.

    Attributes:
        who: what two rows of one person have in common.
        person: keyed hash of the address.
        identity: the cells by which the platform updates, as a line.
        line: all cells, as a line.
        neutralised: how many of them were kept from running as a formula.
    """

    who: str
    person: str
    identity: str
    line: str
    neutralised: int


class Blocked(NamedTuple):
    """Somebody whom a platform must not write to.

    Attributes:
        person: keyed hash of the address.
        email: the address.
        who: as in `Row`, where the platform finds one person under several addresses; else empty.
    """

    person: str
    email: str
    who: str = ""


@dataclass(slots=True, kw_only=True)
class Sieve:
    """Sifts the members of a segment, batch after batch.

    Attributes:
        segment: whose members they are.
        layout: of the file.
        keys: the installation's secret.
        suppressed: asked for every batch.
        counts: grow with every batch.
    """

    segment: Segment
    layout: Layout
    keys: GuestKeys
    suppressed: Suppressed
    counts: Counts = field(default_factory=Counts)
    _lines: LineWriter = field(default_factory=LineWriter)

    def sift(self, connection: Connection, batch: Sequence[Recipient]) -> tuple[list[Row], list[Blocked]]:
        """The rows of a batch; those suppressed."""
        self.counts.members += len(batch)
        asked = [r for r in batch if self._may_be_written_to(r) and not self._holds_out(r)]
        known_as = [self._hashes(r.email_normalised or "") for r in asked]
        stopped = self._stopped(connection, asked, known_as)
        told = [(r, hashes[0], no) for r, hashes, no in zip(asked, known_as, stopped, strict=True)]
        blocked = [
            Blocked(person, r.email_normalised or "", blocked_who(self.layout.profile, r))
            for r, person, no in told
            if no
        ]
        self.counts.suppressed += len(blocked)
        return [row for r, person, no in told if not no and (row := self._row(r, person))], blocked

    def _may_be_written_to(self, recipient: Recipient) -> bool:
        if not recipient.email_normalised:
            self.counts.without_address += 1
            return False
        # Whoever said no is in no file, not even where nobody has to be asked.
        state, asks = recipient.consent_state, self.segment.contract.consent == "newsletter"
        if state == UNSUBSCRIBED or (asks and state != SUBSCRIBED):
            self.counts.without_consent += 1
            return False
        return True

    def _holds_out(self, recipient: Recipient) -> bool:
        share = self.segment.contract.hold_out_pct
        is_out = is_held_out(self.segment.name, recipient.email_normalised or "", share)
        self.counts.held_out += is_out
        return is_out

    def _hashes(self, email: str) -> tuple[str, ...]:
        """What a suppression may know the address by, its own hash first."""
        person = self.keys.email_hash(email)
        if not (self.layout.profile.is_by_mailbox and is_at_google(email)):
            return (person,)
        return person, self.keys.email_hash(mailbox_of(email)), self.keys.mailbox_hash(email) or person

    def _stopped(
        self, connection: Connection, recipients: Sequence[Recipient], known_as: Sequence[tuple[str, ...]]
    ) -> list[bool]:
        asked: dict[str, list[str]] = {}
        for recipient, hashes in zip(recipients, known_as, strict=True):
            asked.setdefault(recipient.channel_code, []).extend(hashes)
        found = {code: self.suppressed(connection, hashes, code) for code, hashes in asked.items()}
        return [
            not found[recipient.channel_code].isdisjoint(hashes)
            for recipient, hashes in zip(recipients, known_as, strict=True)
        ]

    def _row(self, recipient: Recipient, person: str) -> Row | None:
        who = self.layout.profile.same_person(recipient)
        if not who:
            self.counts.invalid += 1
            return None
        cells, neutralised = self.layout.render(recipient)
        identity = self._lines.line([cells[place] for place in self.layout.identity])
        return Row(who, person, identity, self._lines.line(cells), neutralised)


def blocked_who(profile: Profile, recipient: Recipient) -> str:
    """By what rows of somebody who said no are found, where that is not the address itself."""
    return profile.same_person(recipient) if profile.is_by_mailbox else ""
