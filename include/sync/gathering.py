"""Pages of a store gathered into larger ones before they are typed.

A hundred records have two hundred columns in five tables, and what Arrow takes for a column is mostly the same for a
hundred cells as for five hundred: gathered, typing costs two thirds. What a newcomer would get wrong: this bounds the
records held at once, not the calls to the store, which the door makes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from include.magento.door import Page


def gathered(pages: Iterable[Page], *, at_once: int) -> Iterator[Page]:
    """The same records in the same order on pages of `at_once` or somewhat more, the last one excepted."""
    waiting: list[Page] = []
    for page in pages:
        waiting.append(page)
        if sum(len(one.records) for one in waiting) >= at_once:
            yield _joined(waiting)
            waiting = []
    if waiting:
        yield _joined(waiting)


def _joined(pages: Sequence[Page]) -> Page:
    return Page(
        records=[record for page in pages for record in page.records],
        unreadable=[one for page in pages for one in page.unreadable],
        bytes_read=sum(page.bytes_read for page in pages),
        absent=tuple(number for page in pages for number in page.absent),
        is_partial=any(page.is_partial for page in pages),
        remarks=tuple(dict.fromkeys(remark for page in pages for remark in page.remarks)),
    )
