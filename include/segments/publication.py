"""Files of one export: written under temporary names, published together, manifest last.

Whoever finds a manifest finds all files it names; a run that is cut short leaves nothing but hidden `.partial` files,
which the next run replaces and maintenance clears away.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from include.private_storage import local_path, make_private_folder, open_private
from include.segments.private_file import FilePath, HashedFile, cannot_be_written


class Publication:
    """Files of a folder that appear together, when the block ends well.

    Raises:
        ConfigError: the folder cannot be made or written.
    """

    def __init__(self, folder: FilePath) -> None:
        self.folder: FilePath = local_path(folder) or folder
        self._names: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is None:
            self._publish()
            return
        self._discard()
        if isinstance(error, OSError):
            raise cannot_be_written(self.folder, error) from None

    @contextmanager
    def file(self, name: str) -> Iterator[HashedFile]:
        """Write one of the files, its folder in its name; the last one written is published last."""
        self._names.append(name)
        make_private_folder((self.folder / name).parent)
        with open_private(self._unfinished(name)) as raw:
            yield HashedFile(raw)
            if local_path(self.folder) is not None:
                raw.flush()
                os.fsync(raw.fileno())

    def _publish(self) -> None:
        try:
            for name in self._names:
                self._unfinished(name).rename(self.folder / name)
        except OSError as error:
            self._discard()
            raise cannot_be_written(self.folder, error) from None

    def _discard(self) -> None:
        for name in self._names:
            try:
                self._unfinished(name).unlink(missing_ok=True)
            except OSError:
                continue

    def _unfinished(self, name: str) -> FilePath:
        finished = self.folder / name
        return finished.parent / f".{finished.name}.partial"
