"""What a comparison of store and warehouse found, range of ids by range.

What a newcomer would get wrong: what waits, is outside the channel or too old is counted and is no difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Name = TypeVar("Name", int, str)
"""What a record is known by: its id, or its number where the list says no ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared(Generic[Name]):
    """One range of ids, store against warehouse.

    Attributes:
        low, high: ids above `low` up to `high`.
        store_count: records the store lists of the channel's websites.
        warehouse_count: rows that are not marked deleted.
        outside_count: records the store lists of other websites.
        too_old_count: records made before `sync_start_date` that the warehouse lacks, as it should.
        waiting_count: records that wait in quarantine.
        missing: ids the store lists and the warehouse lacks, or has marked deleted; numbers, where it lists no ids.
        gone: ids of rows the store does not list.
        undated: ids without a date of change on either side.
        differing: ids whose date or parent is another in the list.
        known: ids that both have and that do not wait.
    """

    low: int
    high: int
    store_count: int = 0
    warehouse_count: int = 0
    outside_count: int = 0
    too_old_count: int = 0
    waiting_count: int = 0
    missing: tuple[Name, ...] = ()
    gone: tuple[Name, ...] = ()
    undated: tuple[Name, ...] = ()
    differing: tuple[Name, ...] = ()
    known: tuple[Name, ...] = ()

    @property
    def differences(self) -> int:
        """How much quarantine, websites and start date do not explain."""
        return len(self.missing) + len(self.gone) + len(self.differing)

    @property
    def readable(self) -> tuple[Name, ...]:
        """What reading again may settle."""
        return self.missing + self.differing

    @property
    def is_equal(self) -> bool:
        """Whether all is explained."""
        return not self.differences
