"""Reports as folders: `sql/reports/<report>/{report.yml,query.sql,checks.sql}`."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from include.reports.contract_file import Refusal
from include.reports.folder_files import read_files
from include.reports.folders import load_folders
from include.reports.keyed_table import KeyedTable
from include.reports.model import ReportContract
from include.settings import PROJECT_ROOT
from include.warehouse.definitions import SHARED_FOLDER

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
    """Every report of a folder.

    Raises:
        ConfigError: the folder itself, or that of the shared definitions, cannot be read.
    """
    found = load_folders(folder, lambda path: _load(path, shared))
    return ReportSet(found.accepted, found.refused)


def get_report(name: str, folder: Path = REPORTS_FOLDER, shared: Path = SHARED_FOLDER) -> Report:
    """One report.

    Raises:
        ConfigError: there is none of this name, or its folder is refused.
    """
    return load_folders(folder, lambda path: _load(path, shared)).get(name)


def _load(folder: Path, shared: Path) -> Report:
    contract, query, checks = read_files(
        folder / "report.yml",
        ReportContract,
        folder / "query.sql",
        schema=SCHEMA,
        shared=shared,
        needs_checks=True,
    )
    table = KeyedTable(
        schema=SCHEMA,
        name=folder.name,
        contract=contract,
        comment=contract.comment,
        query=query,
        checks=checks,
        freshness=contract.freshness,
    )
    return Report(folder.name, contract, table)
