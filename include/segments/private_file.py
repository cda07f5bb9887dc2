"""Files that only their owner can read, and that others see whole or not at all.

Works on `pathlib.Path` and on Airflow's `ObjectStoragePath`, without importing Airflow. On local disks files are 0600
and their folder 0700; on object stores access is the bucket's business.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol, Self

from include.errors import ConfigError

_LOCAL = ("", "file", "local")


class FilePath(Protocol):
    """What is asked of a path: the part that `pathlib.Path` and `ObjectStoragePath` have in common."""

    @property
    def name(self) -> str:
        """Last part of the path."""
        ...

    @property
    def parent(self) -> Self:
        """The folder it is in."""
        ...

    def __truediv__(self, key: str, /) -> Self:
        """A path below this one."""
        ...

    def open(self, mode: Any = ...) -> IO[Any]:
        """Open the file."""
        ...

    def mkdir(self, mode: int = ..., parents: bool = ..., exist_ok: bool = ...) -> None:
        """Make the folder."""
        ...

    def rename(self, target: Any) -> Any:
        """Rename to the target, which may exist."""
        ...

    def unlink(self, missing_ok: bool = ...) -> None:
        """Delete the file."""
        ...


class HashedFile:
    """A text file in UTF-8 that knows its size and checksum; what `csv.writer` writes to."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._hash = hashlib.sha256()
        self.byte_count = 0

    def write(self, text: str) -> int:
        """Append text; returns the bytes it took."""
        encoded = text.encode()
        self._raw.write(encoded)
        self._hash.update(encoded)
        self.byte_count += len(encoded)
        return len(encoded)

    @property
    def sha256(self) -> str:
        """Checksum of everything written so far, hexadecimal."""
        return self._hash.hexdigest()


@contextmanager
def private_file(path: FilePath) -> Iterator[HashedFile]:
    """Write a file under a temporary name and publish it by renaming, when the block ends well.

    Raises:
        ConfigError: the folder cannot be made or written.
    """
    local = local_path(path)
    target: FilePath = local or path
    unfinished = target.parent / f".{target.name}.partial"
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _open_private(unfinished) as raw:
            yield HashedFile(raw)
            if local is not None:
                raw.flush()
                os.fsync(raw.fileno())
        # On POSIX and on object stores alike, renaming replaces what is there.
        unfinished.rename(target)
    except OSError as error:
        _discard(unfinished)
        reason = (error.strerror or type(error).__name__).lower()
        raise ConfigError(
            f"The export folder {target.parent} cannot be written ({reason}): make room, let this user write there, "
            "or set CRM_EXPORT_URL to another place."
        ) from None
    except BaseException:
        _discard(unfinished)
        raise


def local_path(path: FilePath) -> Path | None:
    """The path on the local disk, or None for an object store."""
    if isinstance(path, Path):
        return path
    if getattr(path, "protocol", None) in _LOCAL:
        return Path(str(getattr(path, "path", path)))
    return None


def _open_private(path: FilePath) -> IO[bytes]:
    if not isinstance(path, Path):
        return path.open("wb")
    # A left-over of a killed run may have been made with wider permissions: it goes, so that the mode below counts.
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _discard(path: FilePath) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
