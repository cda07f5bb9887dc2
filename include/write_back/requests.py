"""Ask for a change from Python: the same door as SQL's `crm.request_change`, so the same checks and the same refusals.

Nothing is sent here. What a newcomer would get wrong: leaving out `base` means that the writer saw what the warehouse
shows now; whoever showed somebody a form has to say what stood in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
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
_DECIDE = text("select crm.decide_change(:n, :decision)")


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


def decide_change(connection: Connection, outbox_id: int, decision: str) -> str:
    """Decide about an entry that cannot go on by itself, in the caller's transaction; its new state.

    Args:
        connection: to the warehouse.
        outbox_id: of the entry.
        decision: retry, drop, and of a conflict crm or store.

    Raises:
        RequestRefused: there is no such entry, or the decision does not fit its state.
    """
    return str(call(connection, _DECIDE, {"n": outbox_id, "decision": decision}))
