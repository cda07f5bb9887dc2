"""The folder of a segment's files: which of them is the current one, and which are old enough to go.

`latest.json` is the manifest of the current file; readers begin there and never guess from names or times.
"""

from __future__ import annotations

import re

from include.segments.private_file import FilePath, cannot_be_written, private_file

LATEST = "latest.json"


def manifest_of(file: FilePath) -> FilePath:
    """Where the manifest of a file is."""
    return file.parent / f"{file.name.removesuffix('.csv')}.manifest.json"


def is_finished(file: FilePath) -> bool:
    """Whether a file is there, with its manifest.

    Raises:
        ConfigError: the folder cannot be read.
    """
    try:
        return file.exists() and manifest_of(file).exists()
    except OSError as error:
        raise cannot_be_written(file.parent, error) from None


def show_latest(file: FilePath) -> None:
    """Make a finished file the current one; nothing is written when it is that already.

    Raises:
        ConfigError: the folder cannot be read or written.
    """
    latest = file.parent / LATEST
    try:
        manifest = _read(manifest_of(file))
        if latest.exists() and _read(latest) == manifest:
            return
    except OSError as error:
        raise cannot_be_written(file.parent, error) from None
    with private_file(latest) as output:
        output.write(manifest)


def old_files(segment_name: str, current: FilePath, keep_files: int) -> list[FilePath]:
    """The segment's files beyond the newest `keep_files`; the current one always counts as the newest.

    Raises:
        ConfigError: the folder cannot be read.
    """
    named = re.compile(rf"{re.escape(segment_name)}-\d{{8}}T\d{{6}}Z\.csv")
    try:
        names = [path.name for path in current.parent.iterdir() if named.fullmatch(path.name)]
    except OSError as error:
        raise cannot_be_written(current.parent, error) from None
    others = sorted((name for name in names if name != current.name), reverse=True)
    return [current.parent / name for name in others[keep_files - 1 :]]


def delete_file(file: FilePath) -> None:
    """Delete a file and its manifest.

    Raises:
        ConfigError: the folder cannot be written.
    """
    try:
        # The file is what `old_files` looks for, so it goes last: if this is cut short, the next run finishes it.
        manifest_of(file).unlink(missing_ok=True)
        file.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_be_written(file.parent, error) from None


def _read(path: FilePath) -> str:
    with path.open("rb") as file:
        return bytes(file.read()).decode()
