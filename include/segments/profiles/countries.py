"""Countries as two letters of ISO 3166. The standard has GB for what people write as UK, and GR for Greece's EL."""

from __future__ import annotations

import re

from include.segments.profiles.recipient import Recipient

_TWO_LETTERS = re.compile(r"[A-Z]{2}")
_WRITTEN = {"UK": "GB", "EL": "GR"}


def country_of(recipient: Recipient) -> str:
    """The country in capitals, empty where it is not known by its letters."""
    written = (recipient.country_code or "").strip().upper()
    return _WRITTEN.get(written, written) if _TWO_LETTERS.fullmatch(written) else ""
