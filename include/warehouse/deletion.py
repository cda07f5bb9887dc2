"""Deletion: rows found gone from the store are marked, with their children, as a merge marks what a snapshot lacks.

Nothing is removed: `deleted_at` says since when, affected keys are kept for reports, and a record that comes back is
undeleted by the ordinary merge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import sql

from include.entities.model import Table
from include.warehouse.merge import Merge
from include.warehouse.merge_statements import GONE_BY_KEY


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion(Merge):
    """A merge that brings no rows and takes some away.

    Attributes:
        keys: of the records that are gone, in the root table.
    """

    keys: Sequence[str]

    def _compare(self, table: Table) -> None:
        owner = table.parent.name if table.parent else table.key_column
        self._run(GONE_BY_KEY, table, owner=sql.Identifier(owner), keys=list(self.keys))
