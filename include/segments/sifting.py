"""Who of a segment is exported, and who is left out and why.

In this order: no address, no consent, held out, suppressed, refused by the platform; when all rows are staged
(`include.segments.staging`), whoever is one mailbox to the platform with somebody who said no, and whoever has an
address that somebody before them has. Suppression is asked last of what concerns the person, and is stronger than
consent. It holds for all addresses of an account, unless a mailbox only bounced.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from sqlalchemy import Connection

from include.identity.guest_keys import GuestKeys
from include.identity.mailboxes import is_at_google, mailbox_of
from include.segments.csv_lines import LineWriter
from include.segments.hold_out import is_held_out
from include.segments.loading import Segment
from include.segments.profiles.model import Layout, Profile
from include.segments.profiles.recipient import SUBSCRIBED, UNSUBSCRIBED, Recipient
from include.suppressions.tables import REASONS, REASONS_OF_PEOPLE


class Suppressed(Protocol):
    """Says which addresses nobody may write to."""

    def __call__(
        self,
        connection: Connection,
        hashes: Collection[str],
        channel_code: str,
        *,
        reasons: Collection[str] = REASONS,
    ) -> set[str]:
        """Those of the hashed addresses that are suppressed in a channel for one of the reasons."""
        ...


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
        known_as: further keyed hashes of the person; see `KnownAs`.
        identity: the cells by which the platform updates, as a line.
        line: all cells, as a line.
        neutralised: how many of them were kept from running as a formula.
    """

    who: str
    person: str
    known_as: str
    identity: str
    line: str
    neutralised: int


class KnownAs(NamedTuple):
    """By what keyed hashes somebody may be suppressed.

    Attributes:
        person: of the address.
        mailbox: of other spellings of it, where a platform takes them for one mailbox.
        others: of the other addresses of the account.
    """

    person: str
    mailbox: tuple[str, ...]
    others: tuple[str, ...]

    def as_text(self) -> str:
        """What follows the person's own hash in a `.people` file: ` =` before each of mailbox, ` +` of others."""
        return "".join([*(f" ={one}" for one in self.mailbox), *(f" +{one}" for one in self.others)])


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
        known_as = [self._known_as(r) for r in asked]
        told = list(zip(asked, known_as, self._stopped(connection, asked, known_as), strict=True))
        blocked = [
            Blocked(known.person, r.email_normalised or "", blocked_who(self.layout.profile, r))
            for r, known, no in told
            if no
        ]
        self.counts.suppressed += len(blocked)
        return [row for r, known, no in told if not no and (row := self._row(r, known))], blocked

    def look_up(self, connection: Connection, people: Sequence[Recipient]) -> list[tuple[str, bool]]:
        """Keyed hash of each, and whether they are suppressed."""
        known_as = [self._known_as(one) for one in people]
        stopped = self._stopped(connection, people, known_as)
        return [(known.person, no) for known, no in zip(known_as, stopped, strict=True)]

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

    def _known_as(self, recipient: Recipient) -> KnownAs:
        person, *mailbox = self._hashes(recipient.email_normalised or "")
        others = [one for email in recipient.other_emails or () for one in self._hashes(email)]
        return KnownAs(person, tuple(mailbox), tuple(others))

    def _hashes(self, email: str) -> tuple[str, ...]:
        """What a suppression may know the address by, its own hash first."""
        person = self.keys.email_hash(email)
        if not (self.layout.profile.is_by_mailbox and is_at_google(email)):
            return (person,)
        return person, self.keys.email_hash(mailbox_of(email)), self.keys.mailbox_hash(email) or person

    def _stopped(
        self, connection: Connection, recipients: Sequence[Recipient], known_as: Sequence[KnownAs]
    ) -> list[bool]:
        """Whether each is suppressed, by what the address did or by what the person said at another one."""
        codes = [recipient.channel_code for recipient in recipients]
        own = [(known.person, *known.mailbox) for known in known_as]
        others = [known.others for known in known_as]
        at_own = self._found(connection, codes, own, REASONS)
        at_others = self._found(connection, codes, others, REASONS_OF_PEOPLE)
        return [one or other for one, other in zip(at_own, at_others, strict=True)]

    def _found(
        self,
        connection: Connection,
        codes: Sequence[str],
        hashes: Sequence[Iterable[str]],
        reasons: Collection[str],
    ) -> list[bool]:
        asked: dict[str, list[str]] = {}
        for code, theirs in zip(codes, hashes, strict=True):
            asked.setdefault(code, []).extend(theirs)
        found = {
            code: self.suppressed(connection, theirs, code, reasons=reasons) if theirs else set()
            for code, theirs in asked.items()
        }
        return [not found[code].isdisjoint(theirs) for code, theirs in zip(codes, hashes, strict=True)]

    def _row(self, recipient: Recipient, known: KnownAs) -> Row | None:
        who = self.layout.profile.same_person(recipient)
        if not who:
            self.counts.invalid += 1
            return None
        cells, neutralised = self.layout.render(recipient)
        identity = self._lines.line([cells[place] for place in self.layout.identity])
        return Row(who, known.person, known.as_text(), identity, self._lines.line(cells), neutralised)


def blocked_who(profile: Profile, recipient: Recipient) -> str:
    """By what rows of somebody who said no are found, where that is not the address itself."""
    return profile.same_person(recipient) if profile.is_by_mailbox else ""
