"""Records that a list leaves out, from an extension: newsletter entries of guests, as Klaviyo's tells them.

It tells them by ranges of ids that it keeps to itself, with the address, the state and, in newer releases, when that
changed; whether an entry is a customer's it does not tell. So entries that a customer of the same website speaks for
are left out by their address, and the others come without an id: whoever takes them has to name them. What a newcomer
would get wrong: its count has entries that no range tells, those of store views that were deleted.

Source: klaviyo/magento2-klaviyo, Model/Reclaim.php and etc/webapi.xml, of several releases.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from include.magento.door import Record, StoreView
from include.magento.faults import CALL_FAILURES, CallRefused, UnknownFault
from include.magento.rest.faults import has_no_route
from include.magento.rest.reading import Beside
from include.magento.rest.records import record_of
from include.magento.rest.session import Session

_LONGEST_GAP = 10_000
"""Ids without an entry that do not end the search, however few entries there are; else as many as were looked through.

The greatest id is nowhere told, and who clears a list of robots leaves long gaps.
"""
_STORE, _WEBSITE = "store_id", "website_id"
log = logging.getLogger(__name__)


class BesideList:
    """Reads what an extension tells beside one list.

    Args:
        session: the store.
        declared: the extension.
        views: the store's.
    """

    def __init__(self, session: Session, declared: Beside, views: Sequence[StoreView]) -> None:
        self._session = session
        self._declared = declared
        self._websites: dict[str | None, str] = {str(v.store_id): str(v.website_id) for v in views}
        self._met: Counter[str] = Counter({str(view.store_id): 0 for view in views})
        self._spoken_for: dict[str, set[str]] = {}
        self.remarks: tuple[str, ...] = ()
        """What the extension could not give, a sentence each."""

    def heed(self, row: Record) -> None:
        """Note whom a row of the list speaks for."""
        address = self._declared.address(row)
        if address is not None and self._declared.is_spoken_for(row):
            self._spoken_for.setdefault(address, set()).add(str(row.get(_WEBSITE)))

    def rows(self) -> list[Record]:
        """The records nobody speaks for that was heeded, of each address and store view one.

        Raises:
            as `Session.ask`; CallRefused where the extension is not there or the token may not ask it.
        """
        found: dict[tuple[str, str | None], Record] = {}
        for row in self._all():
            address, store = self._declared.address(row), _text(row, _STORE)
            if address is None or self._is_spoken_for(address, store):
                continue
            known = found.setdefault((address, store), row)
            if self._declared.precedence(row) > self._declared.precedence(known):
                found[address, store] = row
        return list(found.values())

    def rows_at_best(self) -> list[Record]:
        """The same; where they cannot be had none, and `remarks` says why."""
        try:
            return self.rows()
        except CallRefused as refusal:
            said = self._declared.missing if has_no_route(refusal) else refusal.summary
        except CALL_FAILURES as failure:
            said = failure.summary
        self.remarks = (f"{said} Records that only {self._declared.module} tells were not read.",)
        log.warning("%s", *self.remarks)
        return []

    def _is_spoken_for(self, address: str, store: str | None) -> bool:
        websites = self._spoken_for.get(address, set())
        website = self._websites.get(store)
        return website in websites if website is not None else bool(websites)

    def _all(self) -> Iterator[Record]:
        """Every entry that is told, until there are as many as there should be or nothing more comes."""
        awaited, told, low, last = self._count(), 0, 1, 0
        while told < awaited and low - last <= max(_LONGEST_GAP, last):
            high = low + self._declared.most_ids - 1
            rows = self._range(low, high)
            told += len(rows)
            last = high if rows else last
            yield from self._placed(rows, low, high)
            low = high + 1
        if told < awaited:
            said = (
                f"{self._declared.module} counts {awaited} newsletter entries and tells {told}: those of deleted store "
                f"views it leaves out, and those behind {_LONGEST_GAP} ids without one are not looked for."
            )
            self.remarks = (said,)
            log.warning("%s", *self.remarks)

    def _placed(self, rows: list[Record], low: int, high: int) -> Iterator[Record]:
        """The entries of a range with their store view, which is told by asking for its own only."""
        left = Counter(_text(row, "email") for row in rows)
        for store, _ in self._met.most_common():
            if not left.total():
                break
            for row in self._range(low, high, store):
                email = _text(row, "email")
                if left[email] > 0:  # who came in between is told by the next run
                    left[email] -= 1
                    self._met[store] += 1
                    yield {**row, _STORE: store}
        for row in rows:
            if left[_text(row, "email")] > 0:
                left[_text(row, "email")] -= 1
                yield row

    def _range(self, low: int, high: int, store: str | None = None) -> list[Record]:
        asked = {"start_id": str(low), "end_id": str(high)} | ({} if store is None else {_STORE: store})
        answer = self._session.ask(self._declared.path, urlencode(asked))
        if not isinstance(answer, list):
            raise _strange(self._declared.path)
        return [record_of(row) for row in answer]

    def _count(self) -> int:
        answer = self._session.ask(self._declared.count_path)
        if not isinstance(answer, str) or not answer.isdecimal():
            raise _strange(self._declared.count_path)
        return int(answer)


def _text(row: Record, name: str) -> str | None:
    value = row.get(name)
    return value if isinstance(value, str) else None


def _strange(path: str) -> UnknownFault:
    return UnknownFault(
        f"The store answers {path} otherwise than known releases of the extension: compare its version."
    )
