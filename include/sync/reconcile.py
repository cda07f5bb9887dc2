"""Reconciliation: what the store lists against what the warehouse holds, range of ids by range, kept as numbers.

Differences are named and read again by id at once. Nothing is marked deleted here: that is the sweep's, which asks a
person before it marks many.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, insert

from include.entities.model import Entity
from include.sync import ledger
from include.sync.by_id import ById
from include.sync.comparison import Compared, Comparison
from include.sync.window import WindowKind
from include.warehouse.ops_tables import RECONCILIATIONS

log = logging.getLogger(__name__)

NAMED = 100
"""Ids that are named of a range; the counts are of all."""


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
        if not ledger.is_loaded(self.reader.engine, self.reader.channel.code, self.entity.name):
            log.info("reconcile %s: the first load is under way", self._name)
            return None
        comparison = Comparison(reader=self.reader, entity=self.entity)
        # The ids that both have are most of the shop, and nobody asks for them here.
        found = [replace(one, known=()) for one in comparison.ranges()]
        differing = [one for one in found if not one.is_equal]
        self._name_differences(differing)
        wanted = {number for one in differing for number in (*one.missing, *one.differing)}
        self.reader.read(self.entity, WindowKind.SWEEP, sorted(wanted, reverse=True))
        left = {one.low: comparison.range(one.low, one.high).differences for one in differing}
        self._keep(found, left)
        return sum(left.values())

    @property
    def _name(self) -> str:
        return f"channel={self.reader.channel.code} entity={self.entity.name}"

    def _name_differences(self, differing: Iterable[Compared]) -> None:
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

    def _keep(self, found: Iterable[Compared], left: dict[int, int]) -> None:
        """The latest reconciliation takes the place of the one before."""
        code, name = self.reader.channel.code, self.entity.name
        rows = [self._row(one, left.get(one.low, 0)) for one in found]
        of_entity = (RECONCILIATIONS.c.channel_code == code, RECONCILIATIONS.c.entity == name)
        with self.reader.engine.begin() as connection:
            connection.execute(delete(RECONCILIATIONS).where(*of_entity))
            if rows:
                connection.execute(insert(RECONCILIATIONS), rows)

    def _row(self, one: Compared, left: int) -> dict[str, Any]:
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
            "missing_ids": list(one.missing[:NAMED]),
            "extra_count": len(one.gone),
            "extra_ids": list(one.gone[:NAMED]),
            "differing_count": len(one.differing),
            "differing_ids": list(one.differing[:NAMED]),
            "left_count": left,
            "run_id": self.reader.run_id,
            "checked_at": self.reader.now(),
        }


def _listed(ids: tuple[int, ...]) -> str:
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return ", ".join(map(str, ids[:NAMED])) + more if ids else "none"
