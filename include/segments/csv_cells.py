"""How values stand in a CSV file, and which texts are kept from running as formulas.

Files are opened in spreadsheets before they are imported anywhere, and a name or an e-mail address is whatever a
stranger typed into the shop. A text that a spreadsheet would take for a formula gets an apostrophe in front.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal

# = and @ always begin a formula, tab and return hide one; + and - do, unless a number or telephone number follows.
_FORMULA = re.compile(r"\s*[=@]|[\t\r\n]|\s*[+-](?![\d\s().,/-]*\Z)")


def to_cell(value: object) -> tuple[str, bool]:
    """The text of a cell, and whether it was neutralised. NULL is empty."""
    if isinstance(value, str):
        return _neutralised(value)
    return _plain(value), False


def _neutralised(value: str) -> tuple[str, bool]:
    # Nearly all texts begin with a letter or a digit, and a million of them is a second less without the pattern.
    if value[:1].isalnum():
        return value, False
    return (f"'{value}", True) if _FORMULA.match(value) else (value, False)


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
