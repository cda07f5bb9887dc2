"""Segments as folders: `sql/segments/<segment>/{segment.yml,members.sql}`, with a `checks.sql` where there is need."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from include.reports.contract_file import Refusal
from include.reports.folder_files import read_files
from include.reports.folders import load_folders
from include.reports.keyed_table import KeyedTable
from include.segments.model import SegmentContract
from include.settings import PROJECT_ROOT
from include.warehouse.definitions import SHARED_FOLDER

SEGMENTS_FOLDER = PROJECT_ROOT / "sql" / "segments"
SCHEMA = "marketing"


class Segment(NamedTuple):
    """A segment: what it promises, and the table of its current members."""

    name: str
    contract: SegmentContract
    table: KeyedTable


class SegmentSet(NamedTuple):
    """The segments of a folder by name, and the folders that were refused."""

    segments: dict[str, Segment]
    refused: tuple[Refusal, ...]


def load_segments(folder: Path = SEGMENTS_FOLDER, shared: Path = SHARED_FOLDER) -> SegmentSet:
    """Every segment of a folder.

    Raises:
        ConfigError: the folder itself, or that of the shared definitions, cannot be read.
    """
    found = load_folders(folder, lambda path: _load(path, shared))
    return SegmentSet(found.accepted, found.refused)


def get_segment(name: str, folder: Path = SEGMENTS_FOLDER, shared: Path = SHARED_FOLDER) -> Segment:
    """One segment.

    Raises:
        ConfigError: there is none of this name, or its folder is refused.
    """
    return load_folders(folder, lambda path: _load(path, shared)).get(name)


def _load(folder: Path, shared: Path) -> Segment:
    contract, query, checks = read_files(
        folder / "segment.yml",
        SegmentContract,
        folder / "members.sql",
        schema=SCHEMA,
        shared=shared,
        needs_checks=False,
    )
    table = KeyedTable(
        schema=SCHEMA,
        name=folder.name,
        contract=contract,
        comment=contract.comment,
        query=query,
        checks=checks,
    )
    return Segment(folder.name, contract, table)
