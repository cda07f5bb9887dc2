"""What the lines of some records name and do not say: one question for the lines of a whole page.

What is found is remembered while the reading lasts: carts are filled with the same few products.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from include.magento.door import Record, children
from include.magento.faults import CALL_FAILURES, CallRefused
from include.magento.rest.dictionaries import VALUES_PER_CALL, of_values
from include.magento.rest.reading import LookUp
from include.magento.rest.session import Session

log = logging.getLogger(__name__)


class LookUps:
    """Makes the look-ups of one reading.

    Args:
        session: the store.
        declared: what is looked up.
        check: raises where the store itself is down, which no look-up is blamed for.
    """

    def __init__(self, session: Session, declared: Sequence[LookUp], check: Callable[[], None]) -> None:
        self._session = session
        self._declared = declared
        self._check = check
        self._known: dict[str, dict[str, Record | None]] = {}
        self.missing: dict[str, str] = {}
        """What the store does not let us look up, a sentence by path."""

    def complete(self, records: Sequence[Record]) -> list[Record]:
        """The records with what their lines name, as far as the store tells it."""
        found = list(records)
        for look_up in self._declared:
            if look_up.path not in self.missing:
                found = self._completed(look_up, found)
        return found

    def _completed(self, look_up: LookUp, records: list[Record]) -> list[Record]:
        named = [_named(look_up, record) for record in records]
        known = self._known.setdefault(look_up.path, {})
        try:
            self._learn(look_up, sorted({value for values in named for value in values} - known.keys()))
        except (CallRefused, *CALL_FAILURES) as failure:
            if isinstance(failure, CALL_FAILURES):
                self._check()
            self.missing[look_up.path] = f"{failure.summary} Records come without what it adds."
            log.warning("%s", self.missing[look_up.path])
            return records
        return [
            {**record, look_up.into: [row for value in values if (row := known[value]) is not None]}
            for record, values in zip(records, named, strict=True)
        ]

    def _learn(self, look_up: LookUp, values: Sequence[str]) -> None:
        known = self._known[look_up.path]
        for start in range(0, len(values), VALUES_PER_CALL):
            some = values[start : start + VALUES_PER_CALL]
            rows = of_values(
                self._session,
                look_up.path,
                look_up.field,
                some,
                size=VALUES_PER_CALL,
                fields=look_up.fields,
            )
            told = {str(row.get(look_up.field)): row for row in rows}
            known |= {value: told.get(value) for value in some}


def _named(look_up: LookUp, record: Record) -> list[str]:
    values = [line.get(look_up.field) for line in children(record, look_up.lines)]
    return list(dict.fromkeys(value for value in values if isinstance(value, str)))
