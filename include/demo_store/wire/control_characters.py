"""How a Magento up to 1.9.2.4 sends control characters: as they are, so that no parser takes the answer.

A NUL ends its value without a word.
"""

from __future__ import annotations

import re

_NUL = re.compile(rb"&amp;#0;[^<]*")
_REFERENCE = re.compile(rb"&amp;#([1-8]|1[124-9]|2\d|3[01]);")


def raw(body: bytes) -> bytes:
    """An answer with its control characters as they are in the database."""
    return _REFERENCE.sub(lambda found: bytes([int(found.group(1))]), _NUL.sub(b"", body))
