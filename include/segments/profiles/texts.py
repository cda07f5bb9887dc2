"""Texts and dates as platforms take them: one line, of a length, in a format."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

from include.segments.profiles.recipient import Recipient

_BLANKS = re.compile(r"\s+")
_NOT_PRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def one_line(text: str | None) -> str:
    """A text without line breaks, control characters and blanks around it; accents as one character each (NFC)."""
    if not text:
        return ""
    # Most texts have nothing to be mended; line breaks, tabs and odd blanks are not printable.
    if text.isprintable() and "  " not in text and unicodedata.is_normalized("NFC", text):
        return text.strip()
    return _BLANKS.sub(" ", _NOT_PRINTED.sub("", unicodedata.normalize("NFC", text))).strip()


def street_of(recipient: Recipient) -> str:
    """The lines of the street, parted by commas."""
    return _joined(recipient.street or "", ", ")


def on_one_line(value: object) -> object:
    """A text with its lines parted by semicolons: not every import takes a cell of several."""
    return _joined(value, "; ") if isinstance(value, str) else value


def _joined(text: str, separator: str) -> str:
    lines = (one_line(line) for line in text.splitlines())
    return separator.join(line for line in lines if line)


def clipped(text: str, byte_count: int) -> str:
    """A text of at most so many bytes in UTF-8, never cut within a character."""
    encoded = text.encode()
    return text if len(encoded) <= byte_count else encoded[:byte_count].decode(errors="ignore").rstrip()


def birth_date_of(recipient: Recipient) -> str:
    """`YYYY-MM-DD`, empty where it is not known."""
    return recipient.birth_date.isoformat() if recipient.birth_date else ""


def to_instant(value: datetime | None) -> str:
    """ISO 8601 to the second in UTC, empty where it is not known."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else ""


def consent_instant_of(recipient: Recipient) -> str:
    """When consent was given or withdrawn."""
    return to_instant(recipient.consent_at)
