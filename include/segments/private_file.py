"""Files that only their owner can read, and that others see whole or not at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, Protocol, Self

from include.errors import ConfigError
from include.private_storage import local_path, make_private_folder, open_private


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

    def exists(self) -> bool:
        """Whether something is there."""
        ...

    def iterdir(self) -> Iterator[Self]:
        """What is in the folder."""
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
    """A text file in UTF-8 that knows its size and checksum."""

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
        make_private_folder(target.parent)
        with open_private(unfinished) as raw:
            yield HashedFile(raw)
            if local is not None:
                raw.flush()
                os.fsync(raw.fileno())
        # On POSIX and on object stores alike, renaming replaces what is there.
        unfinished.rename(target)
    except OSError as error:
        _discard(unfinished)
        raise cannot_be_written(target.parent, error) from None
    except BaseException:
        _discard(unfinished)
        raise


def cannot_be_written(folder: FilePath, error: OSError) -> ConfigError:
    """What to say of a folder that does not do what is asked of it."""
    reason = (error.strerror or type(error).__name__).lower()
    return ConfigError(
        f"The export folder {folder} cannot be written ({reason}): make room, let this user write there, "
        "or set CRM_EXPORT_URL to another place."
    )


def _discard(path: FilePath) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
