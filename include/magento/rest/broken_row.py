"""Finds the one row that breaks a list, by asking for ever smaller ranges of numbers.

Twice the binary logarithm of the gap in calls: a row that cannot be had does not say its number either.
"""

from __future__ import annotations

from collections.abc import Callable

_GREATEST_POSSIBLE = 2**32


def first_broken(low: int, breaks: Callable[[int], bool]) -> int | None:
    """The lowest number above `low` such that the range up to it breaks; None when none does any more.

    Args:
        low: the numbers above it are looked at.
        breaks: whether the range from there up to a number cannot be had; true for all numbers from the first on.
    """
    step = 1
    while not breaks(low + step):
        if low + step > _GREATEST_POSSIBLE:
            return None
        step *= 2
    good, bad = low + step // 2, low + step
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (good, middle) if breaks(middle) else (middle, bad)
    return bad
