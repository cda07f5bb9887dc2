"""Forget erased people in what is staged: raw records go, typed parts and refused records stay without the person.

Files are replaced whole, so that whoever reads one meanwhile reads the old or the new. Whatever is written later is
written without them (`include.sync.extract`), so one pass is enough.
"""

from __future__ import annotations

import gzip
import io
import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pyarrow.parquet as pq
from sqlalchemy import Connection, Engine, text

from include.entities.catalogue import ENTITIES
from include.entities.fields import StoreKind
from include.entities.model import Entity
from include.identity.guest_keys import GuestKeys
from include.privacy import tombstones
from include.privacy.frames import without_person
from include.privacy.kept_records import erased_records, key_of
from include.privacy.mentions import without_mentions
from include.privacy.tombstones import Tombstones
from include.private_storage import local_path, open_private
from include.sync.staging import PART, FolderPath, Stage, attempt_of, writing

log = logging.getLogger(__name__)


def forget_in_files(engine: Engine, root: FolderPath, keys: GuestKeys) -> int:
    """Go through everything staged and forget whoever is erased; how many files were replaced.

    Raises:
        ConfigError: the staging root cannot be written.
        TransientError: its storage does not answer.
    """
    with engine.connect() as connection:
        stones = tombstones.standing(connection, keys)
        kinds = {r.channel_code: r.kind for r in connection.execute(text("select * from ops.channels"))}
    if stones is None:
        return 0
    replaced = 0
    with writing():
        for channel, entity, attempt in _attempts(local_path(root) or root):
            # Attempt by attempt: a transaction over all files would keep the whole warehouse from being tidied up.
            with engine.begin() as connection:
                kind = kinds.get(channel, "magento1")
                replaced += _Files(connection, stones, entity, channel, kind).forget_in(attempt)
    log.info("erase files=%s", replaced)
    return replaced


def _attempts(root: FolderPath) -> Iterator[tuple[str, Entity, FolderPath]]:
    """Every attempt at a window of records that are somebody's, with its channel and entity."""
    for channel in _listed(root):
        for entity in (entity for entity in ENTITIES if entity.person):
            for attempt in _listed(channel / entity.name):
                if attempt_of(attempt.name):
                    yield channel.name, entity, attempt


def _listed(folder: FolderPath) -> list[FolderPath]:
    with suppress(FileNotFoundError, NotADirectoryError):
        return sorted(folder.iterdir(), key=lambda path: path.name)
    return []


class _Files:
    """The files of an attempt at a window of one channel's entity."""

    def __init__(
        self, connection: Connection, stones: Tombstones, entity: Entity, channel_code: str, kind: StoreKind
    ) -> None:
        self.connection, self.stones, self.entity = connection, stones, entity
        self.channel_code, self.kind = channel_code, kind

    def forget_in(self, attempt: FolderPath) -> int:
        """Every file of an attempt at a window; how many were replaced."""
        replaced = 0
        roots = self._roots(attempt)
        for path in _listed(attempt):
            with suppress(FileNotFoundError):  # loaded and removed meanwhile
                if path.name.startswith("raw-"):
                    replaced += self._forget_raw(path)
                elif path.name.startswith("refused-"):
                    replaced += self._forget_refused(path)
                elif path.name.endswith(PART):
                    replaced += self._forget_part(path, roots)
        return replaced

    def _roots(self, attempt: FolderPath) -> dict[str, int]:
        stage = Stage(folder=attempt, path="")
        with suppress(FileNotFoundError):
            parts = stage.parts(self.entity.root.name, tombstones.root_columns(self.entity))
            roots = tombstones.erased_roots(self.connection, self.stones, self.entity, parts)
            # The parts lose the address by which the upsert would know the records.
            tombstones.note(self.connection, {(self.entity.name, key): n for key, n in roots.items()})
            return roots
        return {}

    def _forget_raw(self, path: FolderPath) -> bool:
        lines = [line for line in gzip.decompress(_read(path)).splitlines() if line]
        theirs = self._are_erased([json.loads(line) for line in lines])
        if any(theirs):
            kept = b"\n".join(line for line, is_theirs in zip(lines, theirs, strict=True) if not is_theirs)
            _replace(path, gzip.compress(kept, compresslevel=1))
        return any(theirs)

    def _forget_refused(self, path: FolderPath) -> bool:
        entries = [json.loads(line) for line in _read(path).splitlines() if line]
        theirs = self._are_erased([entry["payload"] or {} for entry in entries])
        changed = [
            {**entry, "payload": None} if is_theirs else entry
            for entry, is_theirs in zip(entries, theirs, strict=True)
        ]
        if changed != entries:
            _replace(path, "\n".join(json.dumps(entry, ensure_ascii=False) for entry in changed).encode())
        return changed != entries

    def _are_erased(self, records: list[dict[str, Any]]) -> list[bool]:
        keyed = [(key_of(self.entity, self.channel_code, self.kind, record), record) for record in records]
        return erased_records(self.connection, self.stones, self.entity, self.channel_code, self.kind, keyed)

    def _forget_part(self, path: FolderPath, roots: dict[str, int]) -> bool:
        table = self.entity.table(path.name.removesuffix(PART).rpartition("-")[0])
        part = pq.read_table(io.BytesIO(_read(path)))
        forgotten = without_mentions(without_person(part, table, roots), table, self.stones)
        if forgotten is part or forgotten.equals(part):
            return False
        sink = io.BytesIO()
        pq.write_table(forgotten, sink, compression="lz4", write_statistics=False, use_dictionary=False)
        _replace(path, sink.getvalue())
        return True


def _read(path: FolderPath) -> bytes:
    with path.open("rb") as file:
        return bytes(file.read())


def _replace(path: FolderPath, content: bytes) -> None:
    local = local_path(path)
    # An object store shows a file when it is written whole, a disk does not.
    draft = local.with_name(f".{local.name}.partial") if local else path
    with open_private(draft) as file:
        file.write(content)
    if local:
        draft.replace(local)  # type: ignore[attr-defined]
