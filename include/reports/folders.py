"""Folders of contracts and queries: one per report or segment, the folder's name is its name.

A broken folder is refused and harms no other, so callers must look at what was refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from include.channels.values import nearest
from include.errors import ConfigError
from include.reports.contract_file import FolderRefusedError, Refusal, refuse_folder
from include.reports.model import TableContract
from include.warehouse.definitions import SHARED_FOLDER, Definition, reports_read, tables_read
from include.warehouse.schema import metadata

_NAME = re.compile(r"[a-z][a-z0-9_]{2,49}")
Loaded = TypeVar("Loaded")


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderSet(Generic[Loaded]):
    """What a folder of folders holds.

    Attributes:
        accepted: by name, in alphabetical order.
        refused: one entry per folder that cannot be used.
    """

    accepted: dict[str, Loaded]
    refused: tuple[Refusal, ...]

    def get(self, name: str) -> Loaded:
        """The one of this name.

        Raises:
            ConfigError: there is none, or its folder is refused.
        """
        if name in self.accepted:
            return self.accepted[name]
        for refusal in self.refused:
            if refusal.name == name:
                raise ConfigError(refusal.sentence)
        meant = nearest(name, list(self.accepted))
        known = f"did you mean {meant}?" if meant else f"known are {', '.join(self.accepted) or 'none yet'}."
        raise ConfigError(f"There is no folder {name!r}: {known}")


def load_folders(root: Path, load: Callable[[Path], Loaded]) -> FolderSet[Loaded]:
    """Load every folder below a root; files, and folders whose name begins with . or _, are passed over.

    Raises:
        ConfigError: the root cannot be read.
    """
    try:
        folders = sorted(path for path in root.iterdir() if path.is_dir() and path.name[0] not in "._")
    except OSError:
        raise ConfigError(f"The folder {root} cannot be read: create it, or mend its permissions.") from None
    accepted: dict[str, Loaded] = {}
    refused: list[Refusal] = []
    for folder in folders:
        try:
            accepted[folder.name] = load(folder)
        except FolderRefusedError as error:
            refused.append(_told_of(folder, error.refusal))
    return FolderSet(accepted=accepted, refused=tuple(refused))


def _told_of(folder: Path, refusal: Refusal) -> Refusal:
    """The refusal of a folder, though the fault may be in one that it is based on."""
    if refusal.name == folder.name:
        return refusal
    return replace(refusal, name=folder.name, file=f"../{refusal.name}/{refusal.file}")


def check_name(contract_file: Path, schema: str) -> None:
    """Refuse a folder whose name cannot be the name of its table.

    Raises:
        FolderRefusedError: it is not snake_case, or the table is one of the project's own.
    """
    name = contract_file.parent.name
    if not _NAME.fullmatch(name):
        raise refuse_folder(
            contract_file, f"{name} is no name for a table", "rename the folder: 3 to 50 of a-z, 0-9 and _"
        )
    if f"{schema}.{name}" in metadata.tables or (SHARED_FOLDER / f"{schema}.{name}.sql").exists():
        raise refuse_folder(
            contract_file, f"{schema}.{name} is a table or view of the project's own", "rename the folder"
        )


def check_inputs(
    query_file: Path, query: str, contract: TableContract, definitions: Iterable[Definition]
) -> None:
    """Refuse a query that reads a table its contract does not name: its changes would go unnoticed.

    Raises:
        FolderRefusedError: such a table or report, or something that is neither a table nor a shared definition.
    """
    for name in sorted(reports_read(query) - set(contract.report_inputs)):
        raise refuse_folder(
            query_file,
            f"it reads report.{name}, which is none of the inputs",
            f"add report.{name} to `inputs`",
        )
    unnamed = tables_read(query, definitions) - set(contract.inputs)
    if unnamed:
        name = min(unnamed)
        if f"crm.{name}" not in metadata.tables:
            raise refuse_folder(query_file, f"it reads crm.{name}, which does not exist", "correct the name")
        raise refuse_folder(
            query_file,
            f"it reads crm.{name}, which is none of the inputs",
            f"add {name} to `inputs` of the contract",
        )
