"""Reconciliation: what the store lists against what the warehouse holds, range of ids by range, kept as numbers.

Where the list says no ids, there is one range, of all numbers, and none is kept but in the log.
Differences are named and read again at once. Nothing is marked deleted here: that is the sweep's, which asks a
person before it marks many.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Protocol

from sqlalchemy import delete, insert

from include.entities.model import Entity
from include.sync import frontiers
from include.sync.by_id import ById
from include.sync.compared import Compared, Name
from include.sync.comparison import Comparison
from include.sync.number_comparison import NumberComparison
from include.warehouse.ops_tables import RECONCILIATIONS

log = logging.getLogger(__name__)

NAMED = 100
"""Ids that are named of a range; the counts are of all."""


class Compares(Protocol[Name]):
    """Compares store and warehouse, range by range."""

    def ranges(self) -> Iterator[Compared[Name]]:
        """Every range."""
        ...

    def range(self, low: int, high: int) -> Compared[Name]:
        """One range once more."""
        ...

    def read(self, names: set[Name], /) -> int:
        """Read these records again; how many rows changed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """Reconciles one channel's entity."""

    reader: ById
    entity: Entity

    def run(self) -> int | None:
        """Compare, read what differs, compare that again; how many differences are left.

        Returns:
            None while the first load is under way, which would be all differences.

        Raises:
            SyncError: as the door and the loading of windows raise; nothing is kept then.
        """
        if not frontiers.is_loaded(self.reader.engine, self.reader.channel.code, self.entity.name):
            log.info("reconcile %s: the first load is under way", self._name)
            return None
        if self.entity.reading[self.reader.channel.kind].has_ids:
            return self._reconciled(Comparison(reader=self.reader, entity=self.entity))
        return self._reconciled(NumberComparison(reader=self.reader, entity=self.entity))

    def _reconciled(self, comparison: Compares[Name]) -> int:
        # The ids that both have are most of the shop, and nobody asks for them here.
        found: list[Compared[Name]] = [replace(one, known=()) for one in comparison.ranges()]
        differing = [one for one in found if not one.is_equal]
        self._name_differences(differing)
        comparison.read(set(chain.from_iterable(one.readable for one in differing)))
        left = {one.low: comparison.range(one.low, one.high).differences for one in differing}
        self._keep(found, left)
        return sum(left.values())

    @property
    def _name(self) -> str:
        return f"channel={self.reader.channel.code} entity={self.entity.name}"

    def _name_differences(self, differing: Iterable[Compared[Any]]) -> None:
        for one in differing:
            log.warning(
                "reconcile %s ids %s to %s: store %s, warehouse %s, waiting %s; missing: %s; gone: %s; differing: %s",
                self._name,
                one.low + 1,
                one.high,
                one.store_count,
                one.warehouse_count,
                one.waiting_count,
                *(_listed(ids) for ids in (one.missing, one.gone, one.differing)),
            )

    def _keep(self, found: Iterable[Compared[Any]], left: dict[int, int]) -> None:
        """The latest reconciliation takes the place of the one before."""
        code, name = self.reader.channel.code, self.entity.name
        rows = [self._row(one, left.get(one.low, 0)) for one in found]
        of_entity = (RECONCILIATIONS.c.channel_code == code, RECONCILIATIONS.c.entity == name)
        with self.reader.engine.begin() as connection:
            connection.execute(delete(RECONCILIATIONS).where(*of_entity))
            if rows:
                connection.execute(insert(RECONCILIATIONS), rows)

    def _row(self, one: Compared[Any], left: int) -> dict[str, Any]:
        return {
            "channel_code": self.reader.channel.code,
            "entity": self.entity.name,
            "id_low": one.low,
            "id_high": one.high,
            "store_count": one.store_count,
            "outside_count": one.outside_count,
            "too_old_count": one.too_old_count,
            "waiting_count": one.waiting_count,
            "warehouse_count": one.warehouse_count,
            "missing_count": len(one.missing),
            "missing_ids": _ids(one.missing),
            "extra_count": len(one.gone),
            "extra_ids": _ids(one.gone),
            "differing_count": len(one.differing),
            "differing_ids": _ids(one.differing),
            "left_count": left,
            "run_id": self.reader.run_id,
            "checked_at": self.reader.now(),
        }


def _ids(names: tuple[int | str, ...]) -> list[int]:
    return [name for name in names[:NAMED] if isinstance(name, int)]


def _listed(ids: tuple[int | str, ...]) -> str:
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return ", ".join(map(str, ids[:NAMED])) + more if ids else "none"
