"""Files and folders with personal data, for their owner's eyes only: files 0600, folders 0700.

Works on `pathlib.Path` and on Airflow's `ObjectStoragePath`, without importing Airflow. Modes mean something on local
disks only, `file://` included; on object stores access is the bucket's business. Folders that are there already keep
their mode: whoever made them may have shared them on purpose.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, Any, Protocol

_LOCAL = ("", "file", "local")


class _File(Protocol):
    def open(self, mode: str, /) -> IO[Any]: ...


class _Folder(Protocol):
    def mkdir(self, *, parents: bool = ..., exist_ok: bool = ...) -> None: ...


def local_path(path: object) -> Path | None:
    """The path on the local disk, or None for an object store."""
    if isinstance(path, Path):
        return path
    if getattr(path, "protocol", None) in _LOCAL:
        return Path(str(getattr(path, "path", path)))
    return None


def make_private_folder(folder: _Folder) -> None:
    """Make a folder and whatever is missing above it.

    Raises:
        OSError: it cannot be made.
    """
    local = local_path(folder)
    if local is None:
        folder.mkdir(parents=True, exist_ok=True)
        return
    # One by one: pathlib gives its mode to the last folder only, and the default to those it makes above.
    for missing in reversed([part for part in (local, *local.parents) if not part.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)


def open_private(path: _File) -> IO[bytes]:
    """Open a file to write, new even where there was one.

    Raises:
        OSError: it cannot be made.
    """
    local = local_path(path)
    if local is None:
        return path.open("wb")
    # A left-over of a killed run may have been made with wider permissions: it goes, so that the mode below counts.
    local.unlink(missing_ok=True)
    return os.fdopen(os.open(local, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
