"""Keeps rendered records, so that a page asked for again is joined and not made again.

Bounded by bytes: a large shop is rendered as it is read and only its latest pages stay.
"""

from __future__ import annotations

from collections.abc import Callable

DEFAULT_BUDGET = 64 * 1024 * 1024


class Fragments:
    """Rendered XML by method and id, oldest thrown out first.

    Args:
        budget: bytes to keep at most.
    """

    def __init__(self, budget: int = DEFAULT_BUDGET) -> None:
        self._budget = budget
        self._size = 0
        self._kept: dict[tuple[str, int], bytes] = {}

    def get(self, method: str, number: int, make: Callable[[int], str]) -> bytes:
        """The fragment of a record, made when it is not kept."""
        key = (method, number)
        found = self._kept.get(key)
        if found is None:
            found = make(number).encode()
            self._kept[key] = found
            self._size += len(found)
            while self._size > self._budget:
                self._drop(next(iter(self._kept)))
        return found

    def forget(self, methods: tuple[str, ...], numbers: set[int]) -> None:
        """Throws out what has changed."""
        for method in methods:
            for number in numbers:
                if (method, number) in self._kept:
                    self._drop((method, number))

    def _drop(self, key: tuple[str, int]) -> None:
        self._size -= len(self._kept.pop(key))
