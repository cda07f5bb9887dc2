"""What lies beside a file and says what it is: its columns, checksum and time, and up to when its data is complete.

It holds nothing of a person.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row

from include.segments.loading import Segment
from include.segments.private_file import FilePath
from include.segments.recipients import RECIPIENT_COLUMNS
from include.segments.rows_file import Written, exported_columns

PROFILE = "generic"


def describe(
    segment: Segment, file: FilePath, written: Written, refreshed: Row[Any], now: datetime
) -> dict[str, Any]:
    """The manifest of a file; `refreshed` is the segment's row of `ops.refreshes`."""
    contract = segment.contract
    return {
        "segment": segment.name,
        "title": contract.title,
        "description": contract.description,
        "addresses": contract.addresses,
        "consent": contract.consent,
        "profile": PROFILE,
        "file": file.name,
        "format": "CSV (RFC 4180), UTF-8 without byte order mark, comma, CRLF, one header line",
        "rows": written.row_count,
        "columns": [_told(segment, name) for name in exported_columns(segment)],
        "sha256": written.sha256,
        "bytes": written.byte_count,
        "neutralised_cells": written.neutralised_count,
        "exported_at": now.astimezone(UTC).isoformat(),
        "refreshed_at": refreshed.refreshed_at.astimezone(UTC).isoformat(),
        "complete_until": refreshed.complete_until_json,
        "definition_hash": segment.table.basis_hash,
        "parameters": dict(contract.parameter_values),
    }


def _told(segment: Segment, name: str) -> dict[str, Any]:
    stored = {column.name: column.comment for column in segment.contract.columns}
    if name in stored:
        return {"name": name, "meaning": stored[name], "is_personal": False}
    return {"name": name, "meaning": RECIPIENT_COLUMNS[name].meaning, "is_personal": True}
