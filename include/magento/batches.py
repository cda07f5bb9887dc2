"""The rows of a list, gathered into the batches that become pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from include.magento.door import Record, Unreadable


def batches(
    rows: Iterator[Record | Unreadable], size: int, keep: Callable[[Record], bool]
) -> Iterator[tuple[list[Record], list[Unreadable]]]:
    """Up to `size` records that are kept, and the unreadable ones met on the way."""
    batch: list[Record] = []
    broken: list[Unreadable] = []
    for row in rows:
        if isinstance(row, Unreadable):
            broken.append(row)
        elif keep(row):
            batch.append(row)
        if len(batch) >= size:
            yield batch, broken
            batch, broken = [], []
    if batch or broken:
        yield batch, broken


def everything(_: Record) -> bool:
    """What `keep` is where nobody chooses."""
    return True
