"""Ask for a change from Python: the same door as SQL's `crm.request_change`, so the same checks and the same refusals.

Nothing is sent here. What a newcomer would get wrong: leaving out `base` means that the writer saw what the warehouse
shows now; whoever showed somebody a form has to say what stood in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypeAlias

from sqlalchemy import Connection, exc, text

from include.errors import DataError

Wanted: TypeAlias = Mapping[str, str | int | bool | None]
REFUSED = "CRM01"
"""SQLSTATE of what `crm.request_change` does not accept."""

_REQUEST = text(
    """
    select crm.request_change(
        :kind, :target, cast(:wanted as jsonb), cast(:base as jsonb), :idempotency_key, :requested_by
    )
    """
)


_DECIDE = text("select crm.decide_change(:n, :decision)")


class RequestRefused(DataError):
    """A change that cannot be asked for; `field` names what is wrong with it."""

    def __init__(self, summary: str, *, field: str | None) -> None:
        super().__init__(summary)
        self.field = field


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
    try:
        with connection.begin_nested():
            return int(connection.execute(_REQUEST, values).scalar_one())
    except exc.DBAPIError as failure:
        raise _refusal(failure) from None


def decide_change(connection: Connection, outbox_id: int, decision: str) -> str:
    """Decide about an entry that cannot go on by itself, in the caller's transaction; its new state.

    Args:
        connection: to the warehouse.
        outbox_id: of the entry.
        decision: retry, drop, and of a conflict crm or store.

    Raises:
        RequestRefused: there is no such entry, or the decision does not fit its state.
    """
    try:
        with connection.begin_nested():
            return str(connection.execute(_DECIDE, {"n": outbox_id, "decision": decision}).scalar_one())
    except exc.DBAPIError as failure:
        raise _refusal(failure) from None


def _refusal(failure: exc.DBAPIError) -> Exception:
    if getattr(failure.orig, "sqlstate", None) != REFUSED:
        return failure
    told = failure.orig.diag  # type: ignore[union-attr]  # psycopg's, which SQLAlchemy does not type
    return RequestRefused(f"This was not accepted: {told.message_primary}.", field=told.column_name)
