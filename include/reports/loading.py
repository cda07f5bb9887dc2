"""Reports as folders: `sql/reports/<report>/{report.yml,query.sql,checks.sql}`, and `scope.sql` where there is need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from include.reports.contract_file import FolderRefusedError, Refusal
from include.reports.folder_files import FolderFiles, read_files
from include.reports.folders import FolderSet, load_folders
from include.reports.inputs import in_order, inherit
from include.reports.keyed_table import KeyedTable
from include.reports.model import ReportContract
from include.reports.read_once import read_once
from include.settings import PROJECT_ROOT
from include.warehouse.definitions import SHARED_FOLDER, Definition, load_definitions

REPORTS_FOLDER = PROJECT_ROOT / "sql" / "reports"
SCHEMA = "report"


class Report(NamedTuple):
    """A report: what it promises, and the table that keeps the promise."""

    name: str
    contract: ReportContract
    table: KeyedTable


class ReportSet(NamedTuple):
    """The reports of a folder by name, and the folders that were refused."""

    reports: dict[str, Report]
    refused: tuple[Refusal, ...]


def load_reports(folder: Path = REPORTS_FOLDER, shared: Path = SHARED_FOLDER) -> ReportSet:
    """Every report of a folder, each after those it reads.

    Raises:
        ConfigError: the folder itself, or that of the shared definitions, cannot be read.
    """
    found = _load(folder, shared)
    return ReportSet(dict(found.accepted), found.refused)


def get_report(name: str, folder: Path = REPORTS_FOLDER, shared: Path = SHARED_FOLDER) -> Report:
    """One report.

    Raises:
        ConfigError: there is none of this name, or its folder is refused.
    """
    return _load(folder, shared).get(name)


@read_once
def _load(folder: Path, shared: Path) -> FolderSet[Report]:
    definitions = load_definitions(shared)
    read = load_folders(folder, lambda path: _read(path, definitions))
    order, circular = in_order({name: files.contract for name, files in read.accepted.items()})
    accepted: dict[str, Report] = {}
    refused = list(read.refused)
    for name in [*order, *sorted(circular)]:
        try:
            tables = {known: report.table for known, report in accepted.items()}
            accepted[name] = _report(folder / name, read.accepted[name], tables, circular)
        except FolderRefusedError as error:
            refused.append(error.refusal)
    return FolderSet(accepted=accepted, refused=tuple(refused))


def _read(folder: Path, definitions: Sequence[Definition]) -> FolderFiles[ReportContract]:
    return read_files(
        folder / "report.yml",
        ReportContract,
        folder / "query.sql",
        schema=SCHEMA,
        definitions=definitions,
        needs_checks=True,
    )


def _report(
    folder: Path,
    files: FolderFiles[ReportContract],
    known: Mapping[str, KeyedTable],
    circular: frozenset[str],
) -> Report:
    table = KeyedTable(
        schema=SCHEMA,
        name=folder.name,
        contract=files.contract,
        comment=files.contract.comment,
        query=files.query,
        scope=files.scope,
        checks=files.checks,
        freshness=files.contract.freshness,
        **inherit(folder / "report.yml", files.contract, known, circular)._asdict(),
    )
    return Report(folder.name, files.contract, table)
