"""Python's search for cycles, kept from looking at records: they are trees, and gone as soon as they are typed.

With the usual threshold each value of a page is visited up to three times before the page is dropped: a tenth of what
reading orders takes. What a newcomer would get wrong: cycles are still found, only later, so nothing piles up.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG_OBJECTS = 100_000
"""More than the dictionaries and lists of the records that are held at once: 500 orders have 23,000."""


@contextmanager
def seldom() -> Iterator[None]:
    """Within, cycles are looked for when there are so many new objects; afterwards as before."""
    before = gc.get_threshold()
    gc.set_threshold(YOUNG_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
