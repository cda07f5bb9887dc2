"""Who of a segment is exported, and who is left out and why.

In this order: no address, no consent, held out, suppressed, refused by the platform; whoever has an address that
somebody before them has is taken out when all rows are staged (`include.segments.staging`). Suppression is asked last
of what concerns the person, and is stronger than consent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection

from include.identity.guest_keys import GuestKeys
from include.segments.csv_lines import LineWriter
from include.segments.hold_out import is_held_out
from include.segments.loading import Segment
from include.segments.profiles.model import Layout
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
    """Somebody whom a platform must not write to: keyed hash and address."""

    person: str
    email: str


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

    def sift(
        self, connection: Connection, batch: Sequence[Recipient]
    ) -> tuple[list[Row], list[str], list[Blocked]]:
        """The rows of a batch; `who` of those held out; those suppressed."""
        self.counts.members += len(batch)
        held: list[str] = []
        asked = [r for r in batch if self._may_be_written_to(r) and not self._holds_out(r, held)]
        persons = [self.keys.email_hash(r.email_normalised or "") for r in asked]
        stopped = self._stopped(connection, asked, persons)
        blocked = [
            Blocked(p, r.email_normalised or "")
            for r, p, no in zip(asked, persons, stopped, strict=True)
            if no
        ]
        self.counts.suppressed += len(blocked)
        free = [(r, p) for r, p, no in zip(asked, persons, stopped, strict=True) if not no]
        return [row for r, p in free if (row := self._row(r, p))], held, blocked

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

    def _holds_out(self, recipient: Recipient, held: list[str]) -> bool:
        share = self.segment.contract.hold_out_pct
        if not is_held_out(self.segment.name, recipient.member_key, share):
            return False
        self.counts.held_out += 1
        held.append(self.layout.profile.same_person(recipient))
        return True

    def _stopped(
        self, connection: Connection, recipients: Sequence[Recipient], persons: Sequence[str]
    ) -> list[bool]:
        channels = {r.channel_code for r in recipients}
        found = {
            code: self.suppressed(
                connection,
                [p for r, p in zip(recipients, persons, strict=True) if r.channel_code == code],
                code,
            )
            for code in channels
        }
        return [p in found[r.channel_code] for r, p in zip(recipients, persons, strict=True)]

    def _row(self, recipient: Recipient, person: str) -> Row | None:
        who = self.layout.profile.same_person(recipient)
        if not who:
            self.counts.invalid += 1
            return None
        cells, neutralised = self.layout.render(recipient)
        identity = self._lines.line([cells[place] for place in self.layout.identity])
        return Row(who, person, identity, self._lines.line(cells), neutralised)
