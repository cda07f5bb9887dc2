"""Expiry: rows of a kind that the store drops without a word, e.g. open carts, asked for by id.

The sweep narrowed to the rows whose disappearance means something at once; what it means is the entity's to derive
(`deleted_at` makes an open cart expired).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy import text

from include.entities.model import Entity
from include.sync import frontiers
from include.sync.by_id import ById
from include.sync.comparison import Comparison
from include.sync.gone import mark_gone, refusal_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """Looks for one channel's rows that may have expired.

    Attributes:
        allow_deletions: a person has said that so many records are gone indeed.
    """

    reader: ById
    entity: Entity
    allow_deletions: bool = False

    def run(self) -> list[int]:
        """Mark the rows that are gone from the store; their ids.

        Raises:
            DataError: too many are gone at once; nothing is marked.
            SyncError: as the door raises.
        """
        channel = self.reader.channel
        if not frontiers.is_loaded(self.reader.engine, channel.code, self.entity.name):
            return []
        asked = self._asked()
        comparison = Comparison(reader=self.reader, entity=self.entity)
        gone = sorted(set(asked) - comparison.still_listed(asked))
        log.info(
            "expiry channel=%s entity=%s asked=%s gone=%s",
            channel.code,
            self.entity.name,
            len(asked),
            len(gone),
        )
        refusal = refusal_of(
            channel,
            self.entity,
            gone=len(gone),
            known=comparison.known_count(),
            is_empty=len(gone) == len(asked) and not self._lists_anything(),
            allow_deletions=self.allow_deletions,
        )
        if refusal is not None:
            raise refusal
        mark_gone(self.reader, self.entity, gone)
        return gone

    def _asked(self) -> list[int]:
        """Ids of the rows that may have expired."""
        if self.entity.expiring is None:
            raise ValueError(f"{self.entity.name} declares nothing that expires")
        root, (column, value) = self.entity.root, self.entity.expiring
        statement = f"""
        select "{root.key[0]}" from crm."{root.name}"
        where channel_code = :channel and "{column}" = :value and deleted_at is null
        """  # noqa: S608 - names of our own
        with self.reader.engine.connect() as connection:
            values = {"channel": self.reader.channel.code, "value": value}
            return list(connection.execute(text(statement), values).scalars())

    def _lists_anything(self) -> bool:
        """Whether the store has any record: none of those asked for may be left, and the list all right."""
        return self.reader.door.greatest_id(self.entity.reading[self.reader.channel.kind]) > 0
