"""What functions of the warehouse do not accept, as an error with the field and the reason.

They refuse with a SQLSTATE of their own and name the field as the error's column. What a newcomer would get wrong: a
refusal ends the transaction it happens in, so each call gets a savepoint, and the caller's transaction lives on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, TextClause, exc

from include.errors import DataError

REFUSED = "CRM01"
"""SQLSTATE of what is not accepted."""


class RequestRefused(DataError):
    """Something that cannot be asked for; `field` names what is wrong with it."""

    def __init__(self, summary: str, *, field: str | None) -> None:
        super().__init__(summary)
        self.field = field


def refused(reason: str, field: str | None) -> RequestRefused:
    """The refusal of a field, in the words that all of them have in common."""
    return RequestRefused(f"This was not accepted: {reason}.", field=field)


def call(connection: Connection, function: TextClause, values: Mapping[str, Any]) -> Any:
    """The answer of a function, in the caller's transaction.

    Raises:
        RequestRefused: the field and the reason, never a value.
    """
    try:
        with connection.begin_nested():
            return connection.execute(function, values).scalar_one()
    except exc.DBAPIError as failure:
        if getattr(failure.orig, "sqlstate", None) != REFUSED:
            raise
        told = failure.orig.diag  # type: ignore[union-attr]  # psycopg's, which SQLAlchemy does not type
        raise refused(told.message_primary, told.column_name) from None
