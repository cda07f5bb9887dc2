"""What a merge leaves alone because the store has stopped telling it, in SQL; see `include.entities.model.Silence`."""

from __future__ import annotations

from psycopg import sql

from include.entities.model import Silence


def kept(silence: Silence) -> dict[str, sql.Composable]:
    """The places of FILL_SILENT: the warehouse's own values where the staged rows have none, and of which rows."""
    columns = [sql.Identifier(name) for name in silence.columns]
    filled = (sql.SQL("{c} = coalesce(staged.{c}, known.{c})").format(c=column) for column in columns)
    return {"filled": sql.SQL(", ").join(filled), **_state(silence)}


def is_told(silence: Silence | None) -> sql.Composable:
    """Whether the store has told all children of a staged record, by its root row."""
    if silence is None:
        return sql.SQL("true")
    return sql.SQL("root.{state} is distinct from {value}").format(**_state(silence))


def _state(silence: Silence) -> dict[str, sql.Composable]:
    return {"state": sql.Identifier(silence.column), "value": sql.Literal(silence.value)}
