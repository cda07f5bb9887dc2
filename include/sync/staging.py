"""Where a window's parts wait between extraction and loading.

Any path that behaves like pathlib's will do: a folder for one machine, an object store for many workers. A window's
folder is new at every attempt, so two attempts never write into one another's parts. Part n of every table holds the
same records, which is what lets the checks go part by part; a table without rows in a part has no file.
"""

from __future__ import annotations

import errno
import gzip
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any, Protocol
from uuid import uuid4

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from include.errors import ConfigError, SyncError, TransientError
from include.magento.door import Record
from include.private_storage import local_path, make_private_folder, open_private

MARK = "stage"
"""An empty file in every attempt's folder."""
PART = ".parquet"
FOR_A_PERSON = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.ENOENT}
)
"""What stays as it is until somebody makes room or gives a right; a network's troubles pass."""
_ENCODER = msgspec.json.Encoder()


class FolderPath(Protocol):
    """The part of pathlib's interface that staging needs; Airflow's ObjectStoragePath has it too."""

    def __truediv__(self, other: str, /) -> FolderPath: ...
    def open(self, mode: str, /) -> IO[Any]: ...
    def mkdir(self, *, parents: bool = ..., exist_ok: bool = ...) -> None: ...
    def iterdir(self) -> Iterator[FolderPath]: ...
    def exists(self) -> bool: ...
    def unlink(self) -> None: ...
    def rmdir(self) -> None: ...
    @property
    def name(self) -> str: ...


@dataclass(slots=True)
class Stage:
    """The staged parts of one attempt at one window."""

    folder: FolderPath
    path: str
    counts: dict[str, int] = field(default_factory=dict)

    def write_part(self, frames: dict[str, pa.Table]) -> None:
        """Write the rows of some records, a file per table that has any."""
        number = self._next("part")
        for table, frame in frames.items():
            if frame.num_rows:
                self._write_frame(self.folder / f"{table}-{number:04d}{PART}", frame)

    def _write_frame(self, path: FolderPath, frame: pa.Table) -> None:
        with open_private(path) as file:
            # Parts live minutes and are read whole: quick compression, no statistics nobody asks for, and no
            # dictionaries, which cost a fifth of the writing and save a seventh of the size.
            pq.write_table(frame, file, compression="lz4", write_statistics=False, use_dictionary=False)

    def write_records(self, records: Sequence[Record]) -> None:
        """Keep the records as read, so that a mapping is mended by replaying instead of reading again."""
        lines = b"\n".join(map(_ENCODER.encode, records))  # Python's own takes ten times as long
        with open_private(self._new("raw", "jsonl.gz")) as file:
            file.write(gzip.compress(lines, compresslevel=1))

    def write_refused(self, refused: Iterable[dict[str, Any]], *, by: str) -> None:
        """Keep the records that wait, with their reasons, until the window's transaction takes them over.

        Args:
            refused: one entry per record.
            by: the verb that refuses them. Each verb opens the stage anew and counts its files from 1, so without
                its name the checks' refusals would overwrite those of the extraction.
        """
        lines = [json.dumps(entry, ensure_ascii=False) for entry in refused]
        if lines:
            with open_private(self._new(f"refused-{by}", "jsonl")) as file:
                file.write("\n".join(lines).encode())

    def write_absent(self, ids: Sequence[int]) -> None:
        """Keep the ids of known records that the store has no longer, until they are marked deleted."""
        if ids:
            with open_private(self._new("absent", "json")) as file:
                file.write(json.dumps(list(ids)).encode())

    def absent(self) -> list[int]:
        """Ids of known records that the store has no longer."""
        found: list[int] = []
        for path in self._sorted("absent-", ".json"):
            with path.open("rb") as file:
                found += json.loads(file.read())
        return found

    def _new(self, stem: str, suffix: str) -> FolderPath:
        return self.folder / f"{stem}-{self._next(stem):04d}.{suffix}"

    def _next(self, stem: str) -> int:
        number = self.counts[stem] = self.counts.get(stem, 0) + 1
        return number

    def parts(self, table: str, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """The parts of one table, in order; of these columns only, if named."""
        for path in self._sorted(f"{table}-", PART):
            yield _read(path, columns)

    def frames(self) -> Iterator[dict[str, pa.Table]]:
        """Part by part, the rows of the same records by table; tables without rows in a part are left out."""
        numbered: dict[int, dict[str, FolderPath]] = {}
        for path in self._sorted("", PART):
            table, _, number = path.name.removesuffix(PART).rpartition("-")
            numbered.setdefault(int(number), {})[table] = path
        for _, paths in sorted(numbered.items()):
            yield {table: _read(path) for table, path in paths.items()}

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


def _read(path: FolderPath, columns: Sequence[str] | None = None) -> pa.Table:
    with path.open("rb") as file:
        # Not read_table, which is made for whole data sets and takes longer to find out that this is none.
        return pq.ParquetFile(file).read(columns=columns)


def new_stage(
    root: FolderPath, channel_code: str, entity: str, window_id: int, *, now: datetime | None = None
) -> Stage:
    """An empty folder for one attempt at a window, `<channel>/<entity>/<window>-<hex>`.

    Args:
        root: the staging root.
        channel_code: the channel.
        entity: the entity's name.
        window_id: number of the window.
        now: when the attempt begins; None: now. `attempt_of` reads it off the name.

    Raises:
        ConfigError: the staging root cannot be written.
        TransientError: the storage does not answer.
    """
    began = int((now or datetime.now(UTC)).timestamp())
    path = f"{channel_code}/{entity}/{window_id}-{began:08x}{uuid4().hex[:8]}"
    folder = _below(root, path)
    with writing():
        make_private_folder(folder)
        # An object store has no empty folders: without a file, a window without rows would look lost.
        with open_private(folder / MARK):
            pass
    return Stage(folder=folder, path=path)


def attempt_of(name: str) -> tuple[int, datetime] | None:
    """Window and beginning of the attempt that a folder is of, by its name; None for any other folder.

    The name tells, since object stores keep no times of folders, and the ledger knows only a window's latest attempt.
    """
    found = re.fullmatch(r"(\d+)-([0-9a-f]{8})[0-9a-f]{8}", name)
    return (int(found[1]), datetime.fromtimestamp(int(found[2], 16), UTC)) if found else None


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
    # On a local disk without the detour over fsspec, which knows no modes.
    root = local_path(root) or root
    for name in path.split("/"):
        root = root / name
    return root


@contextmanager
def writing(place: str = "The staging root", setting: str = "CRM_STAGING_URL") -> Iterator[None]:
    """Around whatever writes to a place that a setting names.

    Raises:
        ConfigError: the disk is full, or the folder may not be written.
        TransientError: the storage does not answer, or breaks off.
    """
    try:
        yield
    except OSError as error:
        raise _trouble(error, place, setting) from error


def _trouble(error: OSError, place: str, setting: str) -> SyncError:
    reason = error.strerror or type(error).__name__
    # Libraries of object stores raise these classes without a number.
    classes = (PermissionError, FileNotFoundError, NotADirectoryError)
    if error.errno in FOR_A_PERSON or isinstance(error, classes):
        return ConfigError(
            f"{place} cannot be written ({reason}): free space there, give this user the right to write, or point "
            f"{setting} elsewhere."
        )
    return TransientError(
        f"{place} cannot be written just now ({reason}): try again later, and look at the storage that {setting} "
        "names if it stays so."
    )
