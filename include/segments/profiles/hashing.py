"""SHA-256 as advertising platforms ask for it: plain, of the cleaned value, hexadecimal in small letters.

No key goes into it, so that the platform finds the same: whoever has a list of addresses can do so, too. Such a file is
personal data like any other.
"""

from __future__ import annotations

import hashlib
import re

_HASH = re.compile(r"[0-9a-f]{64}")


def sha256(value: str) -> str:
    """The hash of a value; empty stays empty, and what is a hash already stays what it is."""
    if not value or (len(value) == 64 and _HASH.fullmatch(value)):
        return value
    return hashlib.sha256(value.encode()).hexdigest()
