"""Records that were kept, in place of a store: raw copies below the staging root, and payloads in quarantine.

A mapping or a check that was mended is applied to them without asking the store again. What is kept of a record is
replayed only from the last time it was read, and not when it has been found gone since: a replay repeats the past, it
must not bring it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, text

from include.channels.model import Channel
from include.entities.model import Entity
from include.errors import ConfigError
from include.identity.guest_keys import GuestKeys
from include.magento.door import Ids, Page, Reading, Record, Selection
from include.private_storage import local_path
from include.sync.mapping import Mapping
from include.sync.staging import FolderPath, Stage, attempt_of, open_stage
from include.sync.store_map import noted_websites

_PAYLOADS = """
select payload_json from ops.quarantine
where quarantine_id = any(:entries) and resolved_at is null and payload_json is not null
order by quarantine_id
"""
_DONE = """
select window_id, is_partial, coalesce(read_count, 0) as read_count from ops.windows
where channel_code = :channel and entity = :entity and state = 'done' and window_id = any(:windows)
"""
_GONE = 'select "{key}" from crm."{table}" where "{key}" = any(:keys) and deleted_at is not null'


def mapping_of_kept(engine: Engine, channel: Channel, keys: GuestKeys) -> Mapping:
    """What mapping has to know of the store, from the warehouse.

    Raises:
        ConfigError: its store views are not noted; without them guests would get other keys.
    """
    websites = noted_websites(engine, channel.code)
    if not websites:
        raise ConfigError(
            f"The store views of channel {channel.code} are not noted yet, and kept records cannot be read without "
            "them: run one of its sync DAGs first."
        )
    return Mapping(channel=channel, websites=websites.get, guests=keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payloads:
    """The quarantine as a source; the ids of a selection are numbers of entries."""

    engine: Engine

    def read(
        self,
        reading: Reading,
        selection: Selection,
        *,
        page_size: int,
        keep: Callable[[Record], bool] | None = None,
    ) -> Iterator[Page]:
        """The payloads of entries that still wait."""
        with self.engine.connect() as connection:
            found = (
                connection.execute(text(_PAYLOADS), {"entries": list(_numbers(selection))}).scalars().all()
            )
        yield from _pages(found, page_size, keep)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """The raw copies of a window that was loaded."""

    window_id: int
    read_at: datetime
    stage: Stage
    is_partial: bool
    read_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RawCopies:
    """The raw copies of one channel's entity as a source; the ids of a selection are numbers of windows."""

    engine: Engine
    root: FolderPath
    channel: Channel
    entity: Entity

    def copies(self) -> list[Copy]:
        """What is kept of windows that were loaded, the newest first."""
        attempts = self._attempts()
        values = {"channel": self.channel.code, "entity": self.entity.name, "windows": list(attempts)}
        with self.engine.connect() as connection:
            done = connection.execute(text(_DONE), values).all()
        found = [self._copy(row, *attempts[row.window_id]) for row in done]
        return sorted(found, key=lambda copy: (copy.read_at, copy.window_id), reverse=True)

    def _attempts(self) -> dict[int, tuple[datetime, str]]:
        """By window, when and under which name it was last read."""
        folder = (local_path(self.root) or self.root) / self.channel.code / self.entity.name
        newest: dict[int, tuple[datetime, str]] = {}
        for path in folder.iterdir() if folder.exists() else ():
            attempt = attempt_of(path.name)
            if attempt:
                window_id, began_at = attempt
                newest[window_id] = max(newest.get(window_id, (began_at, "")), (began_at, path.name))
        return newest

    def _copy(self, row: Row[Any], read_at: datetime, name: str) -> Copy:
        path = f"{self.channel.code}/{self.entity.name}/{name}"
        return Copy(read_at=read_at, stage=open_stage(self.root, path), **row._mapping)

    def read(
        self,
        reading: Reading,
        selection: Selection,
        *,
        page_size: int,
        keep: Callable[[Record], bool] | None = None,
    ) -> Iterator[Page]:
        """What was last read of the records of these windows; a record that a later window read is left to that."""
        wanted, seen = set(_numbers(selection)), set[str]()
        for copy in self.copies():
            if not wanted:
                return
            fresh = self._unseen(copy.stage.records(), reading, seen)
            if copy.window_id in wanted:
                wanted.discard(copy.window_id)
                for page in _pages(fresh, page_size, keep):
                    records = self._still_there(page.records, reading)
                    yield Page(records=records, is_partial=copy.is_partial)
            else:
                for _ in fresh:  # notes what newer windows have read
                    pass

    def _unseen(self, records: Iterable[Record], reading: Reading, seen: set[str]) -> Iterator[Record]:
        for record in records:
            number = str(record.get(reading.id_field))
            if number not in seen:
                seen.add(number)
                yield record

    def _still_there(self, records: list[Record], reading: Reading) -> list[Record]:
        if self.entity.is_snapshot:
            return records
        root = self.entity.root
        keys = {f"{self.channel.code}:{record.get(reading.id_field)}": record for record in records}
        statement = text(_GONE.format(key=root.key_column, table=root.name))
        with self.engine.connect() as connection:
            gone = set(connection.execute(statement, {"keys": list(keys)}).scalars())
        return [record for key, record in keys.items() if key not in gone]


def _numbers(selection: Selection) -> Sequence[int]:
    if not isinstance(selection, Ids):
        raise TypeError("kept records are asked for by number")
    return selection.ids


def _pages(
    records: Iterable[Record], page_size: int, keep: Callable[[Record], bool] | None
) -> Iterator[Page]:
    some: list[Record] = []
    for record in records:
        if keep is None or keep(record):
            some.append(record)
        if len(some) == page_size:
            yield Page(records=some)
            some = []
    if some:
        yield Page(records=some)
