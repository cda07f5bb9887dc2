"""What one open door has cost so far: the numbers of its log lines."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Tally:
    """Counts since the door was opened.

    Attributes:
        calls: requests sent, retries and logins included.
        bytes_received: size of all answers, uncompressed.
        retries: requests sent again after something passing.
        logins: sessions opened; more than one means that sessions expired.
        unasked: rows the store sent twice or without being asked for, all dropped.
        gone: records that were deleted between list and detail.
        nameless: rows without an id, which nothing can be done with, all dropped.
    """

    calls: int = 0
    bytes_received: int = 0
    retries: int = 0
    logins: int = 0
    unasked: int = 0
    gone: int = 0
    nameless: int = 0
