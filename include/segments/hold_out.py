"""The share of a segment that is never exported, so that a campaign's effect can be told from what happens anyway.

Who is in it follows from the member and the segment alone: the same person tomorrow, somebody else in another segment,
and the same answer in Python and in SQL, where `marketing.is_held_out` gives it.
"""

from __future__ import annotations

import hashlib


def is_held_out(segment_name: str, member_key: str, hold_out_pct: int) -> bool:
    """Whether a member is never exported; `hold_out_pct` of a hundred are."""
    if not hold_out_pct:
        return False
    digest = hashlib.md5(f"{segment_name}:{member_key}".encode(), usedforsecurity=False).hexdigest()
    return int(digest[:8], 16) % 100 < hold_out_pct
