"""How values stand in a CSV file, and which texts are kept from running as formulas.

Files are opened in spreadsheets before they are imported anywhere, and a name or an e-mail address is whatever a
stranger typed into the shop. A text that a spreadsheet would take for a formula gets an apostrophe in front, also where
the sign is written in its wide form, which East Asian settings run, or behind characters that nobody sees.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal

_NUMBER = re.compile(r"[\d\s().,/-]*")
_NOT_SEEN = frozenset({"Cc", "Cf"})


def to_cell(value: object) -> tuple[str, bool]:
    """The text of a cell, and whether it was neutralised. NULL is empty."""
    if isinstance(value, str):
        return _neutralised(value)
    return _plain(value), False


def _neutralised(value: str) -> tuple[str, bool]:
    # Nearly all texts begin with a letter or a digit, and a million of them is a second less without the pattern.
    if value[:1].isalnum():
        return value, False
    return (f"'{value}", True) if _runs(value) else (value, False)


def _runs(value: str) -> bool:
    """= and @ always begin a formula, tab and return hide one; + and - do, unless a number follows."""
    if value.startswith(("\t", "\r", "\n")):
        return True
    first = next((place for place, character in enumerate(value) if _is_seen(character)), None)
    if first is None:
        return False
    sign = unicodedata.normalize("NFKC", value[first])
    return sign in ("=", "@") or (sign in ("+", "-") and not _NUMBER.fullmatch(value, first + 1))


def _is_seen(character: str) -> bool:
    return not (character.isspace() or unicodedata.category(character) in _NOT_SEEN)


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
