"""Where a window's parts wait between extraction and loading.

Any path that behaves like pathlib's will do: a folder for one machine, an object store for many workers. A window's
folder is new at every attempt, so two attempts never write into one another's parts.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any, Protocol
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from include.errors import ConfigError
from include.magento.door import Record

MARK = "stage"
"""An empty file in every attempt's folder."""


class FolderPath(Protocol):
    """The part of pathlib's interface that staging needs; Airflow's ObjectStoragePath has it too."""

    def __truediv__(self, other: str, /) -> FolderPath: ...
    def open(self, mode: str, /) -> IO[Any]: ...
    def mkdir(self, *, parents: bool = ..., exist_ok: bool = ...) -> None: ...
    def iterdir(self) -> Iterator[FolderPath]: ...
    def exists(self) -> bool: ...
    def unlink(self) -> None: ...
    @property
    def name(self) -> str: ...


@dataclass(slots=True)
class Stage:
    """The staged parts of one attempt at one window."""

    folder: FolderPath
    path: str
    counts: dict[str, int] = field(default_factory=dict)

    def write_part(self, frames: dict[str, pa.Table]) -> None:
        """Write one part of each table that has rows."""
        for table, frame in frames.items():
            if frame.num_rows:
                self._write_frame(table, frame)

    def _write_frame(self, table: str, frame: pa.Table) -> None:
        with self._new(table, "parquet").open("wb") as file:
            # Parts live minutes and are read whole: quick compression, no statistics nobody asks for, and no
            # dictionaries, which cost a fifth of the writing and save a seventh of the size.
            pq.write_table(frame, file, compression="lz4", write_statistics=False, use_dictionary=False)

    def write_records(self, records: Sequence[Record]) -> None:
        """Keep the records as read, so that a mapping is mended by replaying instead of reading again."""
        lines = "\n".join(json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records)
        with self._new("raw", "jsonl.gz").open("wb") as file:
            file.write(gzip.compress(lines.encode(), compresslevel=1))

    def write_refused(self, refused: Iterable[dict[str, Any]], *, by: str) -> None:
        """Keep the records that wait, with their reasons, until the window's transaction takes them over.

        Args:
            refused: one entry per record.
            by: the verb that refuses them. Each verb opens the stage anew and counts its files from 1, so without
                its name the checks' refusals would overwrite those of the extraction.
        """
        lines = [json.dumps(entry, ensure_ascii=False) for entry in refused]
        if lines:
            with self._new(f"refused-{by}", "jsonl").open("wb") as file:
                file.write("\n".join(lines).encode())

    def _new(self, stem: str, suffix: str) -> FolderPath:
        number = self.counts[stem] = self.counts.get(stem, 0) + 1
        return self.folder / f"{stem}-{number:04d}.{suffix}"

    def parts(self, table: str) -> Iterator[pa.Table]:
        """The parts of one table, in order."""
        for path in self._sorted(f"{table}-", ".parquet"):
            with path.open("rb") as file:
                # Not read_table, which is made for whole data sets and takes longer to find out that this is none.
                yield pq.ParquetFile(file).read()

    def whole(self, table: str) -> pa.Table | None:
        """All parts of one table in one; None where there are no rows."""
        parts = list(self.parts(table))
        return pa.concat_tables(parts) if parts else None

    def refused(self) -> Iterator[dict[str, Any]]:
        """The records that wait."""
        for path in self._sorted("refused-", ".jsonl"):
            with path.open("rb") as file:
                yield from (json.loads(line) for line in file.read().splitlines() if line)

    def records(self) -> Iterator[Record]:
        """The records as read."""
        for path in self._sorted("raw-", ".jsonl.gz"):
            with path.open("rb") as file:
                yield from (json.loads(line) for line in gzip.decompress(file.read()).splitlines() if line)

    def _sorted(self, prefix: str, suffix: str) -> list[FolderPath]:
        found = [p for p in self.folder.iterdir() if p.name.startswith(prefix) and p.name.endswith(suffix)]
        return sorted(found, key=lambda p: p.name)

    def drop_parts(self) -> None:
        """Remove what the warehouse has taken over; the raw records stay."""
        for path in self._sorted("", ""):
            if not path.name.startswith("raw-"):
                path.unlink()


def new_stage(root: FolderPath, channel_code: str, entity: str, window_id: int) -> Stage:
    """An empty folder for one attempt at a window.

    Raises:
        ConfigError: the staging root cannot be written.
    """
    path = f"{channel_code}/{entity}/{window_id}-{uuid4().hex[:8]}"
    folder = _below(root, path)
    with writing():
        folder.mkdir(parents=True, exist_ok=True)
        # An object store has no empty folders: without a file, a window without rows would look lost.
        with (folder / MARK).open("wb"):
            pass
    return Stage(folder=folder, path=path)


def open_stage(root: FolderPath, path: str) -> Stage:
    """The parts that an earlier task staged.

    Raises:
        ConfigError: they are not here, because this worker does not share the staging root.
    """
    folder = _below(root, path)
    if not folder.exists():
        raise ConfigError(
            "Staged parts of a window are not found below the staging root: let all workers share the storage "
            "that CRM_STAGING_URL names, then run again."
        )
    return Stage(folder=folder, path=path)


def _below(root: FolderPath, path: str) -> FolderPath:
    for name in path.split("/"):
        root = root / name
    return root


@contextmanager
def writing() -> Iterator[None]:
    """Around whatever writes to a stage.

    Raises:
        ConfigError: the disk is full, or the folder may not be written.
    """
    try:
        yield
    except OSError as error:
        raise ConfigError(
            f"The staging root cannot be written ({error.strerror or type(error).__name__}): free space there, give "
            "this user the right to write, or point CRM_STAGING_URL elsewhere."
        ) from error
