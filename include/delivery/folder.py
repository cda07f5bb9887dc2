"""A folder on a disk of the workers: for tools that fetch from a mount, and for people."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from include.delivery.place import telling
from include.private_storage import make_private_folder, open_private


class FolderPlace:
    """A local folder."""

    takes_rows = True

    def __init__(self, conn_id: str, folder: Path) -> None:
        self._conn_id, self._folder = conn_id, folder

    def put(self, name: str, source: IO[bytes], byte_count: int) -> None:
        """Write under another name, then rename."""
        mend = "make room, let Airflow's user write there, or name another path"
        finished = self._folder / name
        unfinished = finished.parent / f".{finished.name}.partial"
        with telling(
            self._conn_id, refused=(PermissionError, NotADirectoryError), broken=(OSError,), mend=mend
        ):
            make_private_folder(finished.parent)
            with open_private(unfinished) as target:
                shutil.copyfileobj(source, target)
                target.flush()
                os.fsync(target.fileno())
            unfinished.rename(finished)

    def __enter__(self) -> Self:
        """A folder needs no entering."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nor leaving."""
