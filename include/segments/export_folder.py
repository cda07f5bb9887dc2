"""The folder of a segment's files: their names, which are the current ones, and which are old enough to go.

`latest.json` says for each channel and profile what the manifest of its current files says; readers begin there and
never guess from names or times.
"""

from __future__ import annotations

import json
import re
from typing import Any

from include.segments.private_file import FilePath, cannot_be_written, private_file

LATEST = "latest.json"
_OF_RUN = r"(-(added|removed|suppression))?((-part\d+)?\.csv|\.people)"
APART = ("removed", "suppression")
"""Kinds with a folder of their own: a tool that imports every file of a folder would subscribe whoever is in them."""


def stem_of(file: FilePath) -> str:
    """What the names of all files of a run begin with, from the name of its full file."""
    return file.name.removesuffix(".csv")


def manifest_of(file: FilePath) -> FilePath:
    """Where the manifest of a run is, by its full file."""
    return file.parent / f"{stem_of(file)}.manifest.json"


def stem_of_kind(stem: str, kind: str) -> str:
    """What the names of a run's files of a kind begin with, their folder included."""
    if kind == "full":
        return stem
    return f"{kind}/{stem}-{kind}" if kind in APART else f"{stem}-{kind}"


def people_of(file: FilePath, kind: str = "full") -> FilePath:
    """Where the keyed hashes of those in the files of a kind are, line by line; it is never delivered.

    Who is in `added` is in the full file, so there is none for it.
    """
    return file.parent / f"{stem_of_kind(stem_of(file), kind)}.people"


def is_finished(file: FilePath) -> bool:
    """Whether the files of a run are there, with their manifest.

    Raises:
        ConfigError: the folder cannot be read.
    """
    try:
        return file.exists() and manifest_of(file).exists()
    except OSError as error:
        raise cannot_be_written(file.parent, error) from None


def show_latest(folder: FilePath, manifests: dict[str, dict[str, Any]]) -> None:
    """Make these the current files, by channel and profile; nothing is written when they are that already.

    Raises:
        ConfigError: the folder cannot be read or written.
    """
    latest, told = folder / LATEST, json.dumps(manifests, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    try:
        if latest.exists() and _read(latest) == told:
            return
    except OSError as error:
        raise cannot_be_written(folder, error) from None
    with private_file(latest) as output:
        output.write(told)


def old_files(prefix: str, current: FilePath, keep_files: int) -> list[FilePath]:
    """Full files of a channel in a profile beyond the newest `keep_files`; the current one always counts as the newest.

    Args:
        prefix: what their names begin with, before the instant.
        current: the current full file.
        keep_files: how many stay.

    Raises:
        ConfigError: the folder cannot be read.
    """
    named = re.compile(rf"{re.escape(prefix)}-\d{{8}}T\d{{6}}Z\.csv")
    try:
        names = [path.name for path in current.parent.iterdir() if named.fullmatch(path.name)]
    except OSError as error:
        raise cannot_be_written(current.parent, error) from None
    others = sorted((name for name in names if name != current.name), reverse=True)
    return [current.parent / name for name in others[keep_files - 1 :]]


def delete_file(file: FilePath) -> None:
    """Delete the files of a run, given its full file.

    Raises:
        ConfigError: the folder cannot be written.
    """
    of_run = re.compile(re.escape(stem_of(file)) + f"({_OF_RUN})")
    try:
        # The full file is what `old_files` looks for, so it goes last: if this is cut short, the next run finishes it.
        manifest_of(file).unlink(missing_ok=True)
        for folder in (file.parent, *(file.parent / kind for kind in APART)):
            for path in list(folder.iterdir()) if folder.exists() else []:
                if of_run.fullmatch(path.name) and path.name != file.name:
                    path.unlink(missing_ok=True)
        file.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_be_written(file.parent, error) from None


def _read(path: FilePath) -> str:
    with path.open("rb") as file:
        return bytes(file.read()).decode()
