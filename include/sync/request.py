"""What a person asks a run for, beyond what is due: the answers of a sync DAG's form, checked against one another.

The answers are text as people type them; what cannot be meant is refused with one sentence before anything is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from include.errors import ConfigError

MOST_RECORDS = 1000
"""Named one by one; whoever wants more means a time or everything."""
GREATEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person asked for; without any of it, what is due.

    Attributes:
        low_at, high_at: read again what changed in between; `high_at` None means until now.
        is_full_resync: read everything again by id, overwriting newer rows too; no table is emptied.
        ids: read these records, by Magento's own id.
        numbers: read these records, by the number that people see.
        is_dry_run: tell what would change, and change nothing.
    """

    low_at: datetime | None = None
    high_at: datetime | None = None
    is_full_resync: bool = False
    ids: tuple[int, ...] = ()
    numbers: tuple[str, ...] = ()
    is_dry_run: bool = False

    def __post_init__(self) -> None:
        """Refuse answers that do not fit together.

        Raises:
            ConfigError: one sentence that says which.
        """
        if self.high_at and not self.low_at:
            raise ConfigError("`to` was given without `from`: give both, or neither.")
        if self.low_at and self.high_at and self.high_at < self.low_at:
            raise ConfigError("`to` lies before `from`: give an earlier `from` or a later `to`.")
        if self.low_at and self.is_full_resync:
            raise ConfigError("`full_resync` reads everything, with or without `from`: give one of the two.")
        if self.names_records and (self.low_at or self.is_full_resync):
            raise ConfigError(
                "`ids` and `number` name single records, `from` and `full_resync` many: give one or the other."
            )
        if len(self.ids) + len(self.numbers) > MOST_RECORDS:
            raise ConfigError(
                f"More than {MOST_RECORDS} records are named: give `from` and `to`, or ask in several runs."
            )

    @property
    def names_records(self) -> bool:
        """Whether single records are asked for."""
        return bool(self.ids or self.numbers)


def instant(answer: str | None, name: str) -> datetime | None:
    """The instant that an answer of this name means, UTC where it has no offset; None for no answer.

    Raises:
        ConfigError: it is none.
    """
    if not answer:
        return None
    try:
        moment = datetime.fromisoformat(answer)
    except ValueError:
        raise ConfigError(f"`{name}` is no instant: write it like 2026-11-01T00:00:00Z.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def ids(answer: str | None) -> tuple[int, ...]:
    """The ids that an answer lists, each once, rising.

    Raises:
        ConfigError: one of them is no id.
    """
    words = _words(answer)
    if not all(re.fullmatch(r"[0-9]{1,19}", word) and 0 < int(word) <= GREATEST_ID for word in words):
        raise ConfigError(
            "`ids` holds something that is no id: write Magento's own ids, parted by commas, such as 1042, 1043."
        )
    return tuple(sorted({int(word) for word in words}))


def numbers(answer: str | None) -> tuple[str, ...]:
    """The numbers that an answer lists, each once."""
    return tuple(dict.fromkeys(_words(answer)))


def _words(answer: str | None) -> Sequence[str]:
    return [word for word in re.split(r"[\s,;]+", answer or "") if word]
