"""Ask for a change from Python: the same door as SQL's `crm.request_change`, so the same checks and the same refusals.

Nothing is sent here. What a newcomer would get wrong: leaving out `base` means that the writer saw what the warehouse
shows now; whoever showed somebody a form has to say what stood in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Connection, text

from include.warehouse.refusals import RequestRefused, call

__all__ = ["RequestRefused", "Wanted", "decide_change", "request_change"]

Wanted: TypeAlias = Mapping[str, Any]
"""Fields and values as JSON has them."""

_REQUEST = text(
    """
    select crm.request_change(
        :kind, :target, cast(:wanted as jsonb), cast(:base as jsonb), :idempotency_key, :requested_by
    )
    """
)
_DECIDE = text("select crm.decide_change(:n, :decision, :fields, :decided_by, :shown)")


def request_change(
    connection: Connection,
    kind: str,
    target: str,
    wanted: Wanted | None = None,
    *,
    base: Wanted | None = None,
    idempotency_key: str | None = None,
    requested_by: str | None = None,
) -> int:
    """Ask for a change, in the caller's transaction.

    Args:
        connection: to the warehouse.
        kind: as in crm.change_kinds.
        target: key of the record, or code of the channel where the kind makes something new.
        wanted: fields and values, as in crm.changeable_fields; None empties a field.
        base: what the writer saw in these fields; None: what the warehouse shows now.
        idempotency_key: asked again under the same key, it is the same entry; None: every call is a new one.
        requested_by: who asks; None: the login of the database.

    Returns:
        Number of the entry in crm.outbox.

    Raises:
        RequestRefused: the field and the reason, never a value.
    """
    values = {
        "kind": kind,
        "target": target,
        "wanted": json.dumps(dict(wanted or {})),
        "base": None if base is None else json.dumps(dict(base)),
        "idempotency_key": idempotency_key,
        "requested_by": requested_by,
    }
    return int(call(connection, _REQUEST, values))


def decide_change(
    connection: Connection,
    outbox_id: int,
    decision: str,
    *,
    fields: Sequence[str] | None = None,
    decided_by: str | None = None,
    shown_entry_id: int | None = None,
) -> str:
    """Decide about an entry that cannot go on by itself, in the caller's transaction; its new state.

    Args:
        connection: to the warehouse.
        outbox_id: of the entry.
        decision: retry, drop, and of a conflict crm or store.
        fields: those in conflict that it is about; None: all of them.
        decided_by: who decides; None: the login of the database.
        shown_entry_id: the last row of ops.write_back_log that they were shown; None: whatever it waits for now.

    Raises:
        RequestRefused: there is no such entry, the decision does not fit its state, or it has gone on since.
    """
    values = {
        "n": outbox_id,
        "decision": decision,
        "fields": None if fields is None else list(fields),
        "decided_by": decided_by,
        "shown": shown_entry_id,
    }
    return str(call(connection, _DECIDE, values))
