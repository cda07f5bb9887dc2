"""Segments as folders: `sql/segments/<segment>/{segment.yml,members.sql}`, with a `checks.sql` where there is need.

Folders whose name begins with _ are no segments, but what several have in common.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from include.reports.contract_file import Refusal
from include.reports.folder_files import read_files
from include.reports.folders import FolderSet, load_folders
from include.reports.inputs import inherit
from include.reports.keyed_table import KeyedTable
from include.reports.loading import REPORTS_FOLDER, load_reports
from include.reports.read_once import read_once
from include.segments.model import SegmentContract
from include.settings import PROJECT_ROOT
from include.warehouse.definitions import SHARED_FOLDER, Definition, load_definitions

SEGMENTS_FOLDER = PROJECT_ROOT / "sql" / "segments"
SCHEMA = "marketing"


class Segment(NamedTuple):
    """A segment: what it promises, and the table of its current members."""

    name: str
    contract: SegmentContract
    table: KeyedTable

    @property
    def campaign_code(self) -> str:
        """What links of its campaign are marked with."""
        return self.contract.campaign_code or self.name


class SegmentSet(NamedTuple):
    """The segments of a folder by name, and the folders that were refused."""

    segments: dict[str, Segment]
    refused: tuple[Refusal, ...]


def load_segments(folder: Path = SEGMENTS_FOLDER, shared: Path = SHARED_FOLDER) -> SegmentSet:
    """Every segment of a folder.

    Raises:
        ConfigError: the folder itself, or that of the shared definitions, cannot be read.
    """
    found = _load_all(folder, shared)
    return SegmentSet(dict(found.accepted), found.refused)


def get_segment(name: str, folder: Path = SEGMENTS_FOLDER, shared: Path = SHARED_FOLDER) -> Segment:
    """One segment.

    Raises:
        ConfigError: there is none of this name, or its folder is refused.
    """
    return _load_all(folder, shared).get(name)


def _load_all(folder: Path, shared: Path) -> FolderSet[Segment]:
    return _load_beside(folder, shared, REPORTS_FOLDER)


@read_once
def _load_beside(folder: Path, shared: Path, reports_folder: Path) -> FolderSet[Segment]:
    """A broken report is told by the reports' own DAG; here it only matters to segments that read it."""
    reports = load_reports(reports_folder, shared).reports
    tables = {name: report.table for name, report in reports.items()}
    definitions = load_definitions(shared)
    return load_folders(folder, lambda path: _load(path, definitions, tables))


def _load(folder: Path, definitions: Sequence[Definition], reports: Mapping[str, KeyedTable]) -> Segment:
    files = read_files(
        folder / "segment.yml",
        SegmentContract,
        folder / "members.sql",
        schema=SCHEMA,
        definitions=definitions,
        needs_checks=False,
    )
    code = files.contract.campaign_code or folder.name
    contract = files.contract.model_copy(update={"campaign_code": code})
    table = KeyedTable(
        schema=SCHEMA,
        name=folder.name,
        contract=contract,
        comment=contract.comment,
        query=_of_channels(files.query, contract.channels),
        scope=files.scope,
        checks=files.checks,
        **inherit(folder / "segment.yml", contract, reports)._asdict(),
    )
    return Segment(folder.name, contract, table)


_OF_CHANNELS = """
select members.*
from (
{query}
) as members
inner join ops.channels as channels
    on members.channel_code = channels.channel_code
where channels.is_active{chosen}
"""


def _of_channels(query: str, channels: Sequence[str]) -> str:
    """The query without members of channels that are not active, or that the contract leaves out.

    Reports leave inactive channels out themselves; newsletter lists and carts are read without a report as well.
    """
    listed = ", ".join(f"'{code}'" for code in channels)  # codes are letters, digits and _ by the contract
    chosen = f" and channels.channel_code in ({listed})" if channels else ""
    return _OF_CHANNELS.format(query=query, chosen=chosen)
