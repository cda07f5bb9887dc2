"""Putting a folder's SQL into the engine's own statements, and saying in words why it does not run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from sqlalchemy import Column, Subquery, exc, text

from include.errors import ConfigError, DataError


def wrapped(sql: str, alias: str, columns: Sequence[Column[object]] = ()) -> Subquery:
    """A query as a subselect; the line break keeps a comment at its end from swallowing the bracket."""
    return text(f"{sql}\n").columns(*columns).subquery(alias)


@contextmanager
def explained(what: str) -> Iterator[None]:
    """Turn errors of SQL that a folder holds into the project's own.

    The server's first line names columns and tables and is kept for errors in the text; for errors in values it may
    hold a value, so only its code is kept.

    Raises:
        ConfigError: the text is wrong.
        DataError: a value cannot be computed with.
    """
    try:
        yield
    except exc.ProgrammingError as error:
        raise ConfigError(
            f"{what} does not run: {_said(error)}. Mend its SQL.", details=_code(error)
        ) from None
    except exc.DataError as error:
        raise DataError(
            f"{what} meets a value it cannot compute with (SQLSTATE {_code(error)}): "
            "guard that expression in its SQL, or mend the data.",
        ) from None


def _said(error: exc.DBAPIError) -> str:
    original = error.orig
    said = original.diag.message_primary if isinstance(original, psycopg.Error) else None
    return said or "the server gave no reason"


def _code(error: exc.DBAPIError) -> str:
    return (error.orig.sqlstate if isinstance(error.orig, psycopg.Error) else None) or "unknown"
