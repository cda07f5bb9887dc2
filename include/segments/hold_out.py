"""The share of a segment that is never exported, so that a campaign's effect can be told from what happens anyway.

Who is in it follows from the mailbox and the segment alone: the same person tomorrow, with another cart, after accounts
were joined and under another address that leads there; somebody else in another segment; and the same answer in Python
and in SQL, where `marketing.is_held_out` gives it.
"""

from __future__ import annotations

import hashlib

from include.identity.mailboxes import mailbox_of


def is_held_out(segment_name: str, email: str, hold_out_pct: int) -> bool:
    """Whether whoever has a normalised address is never exported; `hold_out_pct` of a hundred people are."""
    if not hold_out_pct:
        return False
    digest = hashlib.md5(f"{segment_name}:{mailbox_of(email)}".encode(), usedforsecurity=False).hexdigest()
    return int(digest[:8], 16) % 100 < hold_out_pct
