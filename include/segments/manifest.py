"""What lies beside the files of an export and says what they are: columns, counts, checksums, how complete the data is.

It holds nothing of a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row

from include.segments.loading import Segment
from include.segments.profiles.model import Column, Layout
from include.segments.recipients import RECIPIENT_COLUMNS
from include.segments.run import Base
from include.segments.sifting import Counts
from include.segments.split_files import WrittenFile

FORMAT = "CSV (RFC 4180), UTF-8 without byte order mark, comma, CRLF, one header line"
_KINDS = {
    "full": "Everybody in it.",
    "added": "Rows that are new or changed since the delivered export before, or since any export after that.",
    "removed": "Who was in the delivered export before, or in any export after that, and no longer is.",
}

_REPLACE = (
    "Replace the list by this file, do not add to it: the file before is not as it was written, or is made otherwise, "
    "so nobody can say who has to be removed."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a manifest is made of.

    Attributes:
        segment: the segment.
        channel_code: whose people they are.
        layout: of the full file.
        refreshed: the segment's row of `ops.refreshes`.
        counts: what became of the members.
        neutralised: cells kept from running as a formula.
        files: to be delivered, the full ones first.
        base: what `added` and `removed` are told against.
    """

    segment: Segment
    channel_code: str
    layout: Layout
    refreshed: Row[Any]
    counts: Counts
    neutralised: int
    files: Sequence[WrittenFile]
    base: Base


def describe(facts: Facts, now: datetime) -> dict[str, Any]:
    """The manifest of an export."""
    segment, layout, contract = facts.segment, facts.layout, facts.segment.contract
    full = facts.files[0]
    return {
        "segment": segment.name,
        "title": contract.title,
        "description": contract.description,
        "addresses": contract.addresses,
        "campaign_code": segment.campaign_code,
        "consent": contract.consent,
        "consent_reason": contract.consent_reason,
        "hold_out_pct": contract.hold_out_pct,
        "channel": facts.channel_code,
        "profile": layout.profile.name,
        "profile_rules": layout.profile.rules,
        "file": full.name,
        "format": FORMAT,
        "rows": facts.counts.exported,
        "counts": asdict(facts.counts),
        "warnings": _warnings(facts),
        "columns": [_told(segment, column) for column in layout.columns],
        "sha256": full.sha256,
        "bytes": full.byte_count,
        "neutralised_cells": facts.neutralised,
        "since": facts.base.since,
        "replace_list": facts.base.must_replace,
        "files": [_file(file, layout) for file in facts.files],
        "exported_at": now.astimezone(UTC).isoformat(),
        "refreshed_at": facts.refreshed.refreshed_at.astimezone(UTC).isoformat(),
        "complete_until": facts.refreshed.complete_until_json,
        "definition_hash": segment.table.basis_hash,
        "parameters": dict(contract.parameter_values),
    }


def _warnings(facts: Facts) -> list[str]:
    profile, warnings = facts.layout.profile, []
    if facts.base.must_replace:
        warnings.append(_REPLACE)
    if facts.counts.exported < profile.least_rows:
        warnings.append(f"{profile.title} works with lists of {profile.least_rows} people or more.")
    return warnings


def _file(file: WrittenFile, layout: Layout) -> dict[str, Any]:
    companion = layout.profile.companion
    if file.kind == "suppression" and companion:
        meaning = f"Who must not be written to. {companion.how}"
    else:
        meaning = _KINDS[file.kind]
    return {
        "file": file.name,
        "kind": file.kind,
        "part": file.part_number,
        "meaning": meaning,
        "rows": file.row_count,
        "bytes": file.byte_count,
        "sha256": file.sha256,
    }


def _told(segment: Segment, column: Column) -> dict[str, Any]:
    own = {one.name: one.comment for one in segment.contract.columns}
    recipient = RECIPIENT_COLUMNS.get(column.header)
    meaning = own.get(column.own or column.header) or (recipient.meaning if recipient else column.meaning)
    return {"name": column.header, "meaning": meaning, "is_personal": bool(column.needs)}
