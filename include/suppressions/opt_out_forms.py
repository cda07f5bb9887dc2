"""Whose opt-out file this is, by its header, and what a row of it says.

A file of all contacts looks much the same as one of those who left, so a header is only taken for an opt-out file when
it has the column that says so; rows of people who may be written to are passed over, if a word says so that we know.
Headers as the platforms write them are in README.md, with where they are known from. Case, spaces and underscores in a
header are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

Row = Mapping[str, str]
"""A row's cells by the header in normal form; columns that are not there answer as empty ones."""

_NO_LETTERS = re.compile(r"[\W_]+")
# In this order: "spam complaint after unsubscribe" is a complaint.
_WORDS = {
    "complained": ("complain", "spam", "abuse"),
    "bounced": ("bounce", "invalid", "blocked", "nomx", "clean", "undeliver"),
    "unsubscribed": ("unsub", "optout", "optedout", "removed"),
    "by_hand": ("suppress", "deleted", "notallowed"),
}
_MAY_BE_WRITTEN_TO = frozenset(
    ("", "subscribed", "neversubscribed", "active", "softbounced", "softbounce", "pendingoptin")
)
_NO = ("", "false", "no", "0", "[]", "none", "null")
_MONTHS = 12
_INSTANTS = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")


@dataclass(frozen=True, slots=True)
class Form:
    """One platform's way to write a file.

    Attributes:
        platform: whose it is; the source of what comes with it.
        address: columns of which the first that is there holds the e-mail.
        told_by: columns of which one must be there: they make it an opt-out file.
        reason: of a row, one of `REASONS`; None: may be written to; raises `UnknownWordError`.
        instants: columns that say when it happened, the first that is filled counts.
    """

    platform: str
    address: tuple[str, ...]
    told_by: tuple[str, ...]
    reason: Callable[[Row], str | None]
    instants: tuple[str, ...] = ()

    def fits(self, header: Sequence[str]) -> bool:
        """Whether a header, in normal form, is one of this platform's opt-out files."""
        return any(name in header for name in self.address) and any(name in header for name in self.told_by)

    def address_of(self, row: Row) -> str:
        """The e-mail as it stands there; empty where the row has none."""
        return next((row[name].strip() for name in self.address if name in row), "")

    def occurred_at(self, row: Row) -> datetime | None:
        """When it happened, read as UTC where no zone is given; None where nothing readable is said."""
        said = next((row[name].strip() for name in self.instants if row.get(name, "").strip()), "")
        return _instant(said)


class UnknownWordError(ValueError):
    """A state that could mean either."""


def normal_header(name: str) -> str:
    """A column's name without case, spaces and underscores."""
    return _NO_LETTERS.sub("", name).lower()


def form_of(header: Sequence[str]) -> Form | None:
    """The form of a file with this header, in normal form; None: no opt-out file that we know."""
    if list(header) in (["email"], ["emailaddress"]):
        return _ADDRESSES_ONLY
    return next((form for form in _FORMS if form.fits(header)), None)


def _meaning(text: str) -> str | None:
    """The reason that a platform's word stands for; None for a word we do not know."""
    said = normal_header(text)
    return next((reason for reason, words in _WORDS.items() if any(word in said for word in words)), None)


def _meaning_of_state(text: str) -> str | None:
    """The reason, or None for somebody to write to; never a guess, for a wrong one is mail to who wanted none."""
    if normal_header(text) in _MAY_BE_WRITTEN_TO:
        return None
    meaning = _meaning(text)
    if meaning is None:
        raise UnknownWordError
    return meaning


def _klaviyo(row: Row) -> str | None:
    """An export of any list: consent says unsubscribed, or the suppressions say why."""
    suppressions = row.get("emailsuppressions", "").strip()
    if suppressions.lower() not in _NO:
        return _meaning(suppressions) or "by_hand"
    return _meaning_of_state(row.get("emailmarketingconsent", ""))


def _mailchimp(row: Row) -> str | None:
    """A file of the unsubscribed or of the cleaned, never of both; who reported abuse is among the unsubscribed."""
    if "cleantime" in row:
        return "bounced"
    why = row.get("unsubreason", "")
    return "complained" if _meaning(why) == "complained" else "unsubscribed"


def _hubspot(row: Row) -> str | None:
    """An export of contacts: opted out of all, or bounced for good."""
    if row.get("unsubscribedfromallemail", "").strip().lower() not in _NO:
        return "unsubscribed"
    bounced = (row.get(name, "").strip().lower() for name in ("emailhardbouncereason", "hardbouncereason"))
    return "bounced" if any(why not in _NO for why in bounced) else None


def _with_status(row: Row) -> str | None:
    """A file of the suppressed that says why; who may be written to stands with no such word."""
    return _meaning_of_state(row.get("reason", "") or row.get("status", ""))


def _with_reason(row: Row) -> str | None:
    """A file of nothing but suppressed people: a word that we do not know is an opt-out all the same."""
    return _meaning(row.get("reason", "")) or "unsubscribed"


_ADDRESSES_ONLY = Form("address_list", ("email", "emailaddress"), ("email",), lambda _: "unsubscribed")
_REMOVED = ("dateremoved", "datesuppressed", "suppresseddate", "dateunsubscribed", "unsubscribeddate")
_FORMS = (
    Form(
        "mailchimp",
        ("emailaddress",),
        ("unsubtime", "cleantime"),
        _mailchimp,
        ("unsubtime", "cleantime", "lastchanged"),
    ),
    Form(
        "klaviyo",
        ("email", "emailaddress"),
        ("emailsuppressions", "emailmarketingconsent"),
        _klaviyo,
        ("emailsuppressionstimestamp", "emailmarketingconsenttimestamp"),
    ),
    Form("hubspot", ("email",), ("unsubscribedfromallemail",), _hubspot),
    Form("dotdigital", ("email",), _REMOVED, _with_reason, _REMOVED),
    Form("dotdigital", ("email",), ("status",), _with_status, ("lastupdated", "datemodified")),
    Form("klaviyo", ("email", "emailaddress"), ("reason",), _with_reason, ("timestamp", "date")),
)


def _instant(text: str) -> datetime | None:
    """ISO 8601 in its usual spellings, and what can only be day/month/year: not known is the safe side."""
    text = text.strip("[]'\" ")
    with suppress(ValueError):
        return _with_zone(datetime.fromisoformat(text.removesuffix(" UTC")))
    for pattern in _INSTANTS:
        with suppress(ValueError):
            found = datetime.strptime(text, pattern).replace(tzinfo=UTC)
            return None if found.day <= _MONTHS and found.day != found.month else found
    return None


def _with_zone(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)
