"""Rejected records: what the checks refuse, as entries that wait with the staged parts for the quarantine.

The payload is the record as read, from the raw copy: the frames have lost what no field holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from include.channels.model import Channel
from include.entities.model import Entity
from include.sync.staging import Stage

Reasons = Mapping[str, list[dict[str, str]]]


def rejected_records(
    entity: Entity, channel: Channel, stage: Stage, reasons: Reasons
) -> list[dict[str, Any]]:
    """One entry per record that failed, with its reasons and its payload; only their payloads are held in memory."""
    if not reasons:
        return []
    id_field = entity.reading[channel.kind].id_field
    payloads = {
        key: record
        for record in stage.records()
        if (key := f"{channel.code}:{record.get(id_field)}") in reasons
    }
    return [
        {"record_key": root, "reasons": why, "payload": payloads.get(root)} for root, why in reasons.items()
    ]
