"""Deleting rows in bounded steps: short locks, and a crash undoes one step at most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, text

STEP = 20_000
"""Rows deleted in one transaction."""


def delete_in_steps(engine: Engine, table: str, condition: str, values: Mapping[str, Any]) -> int:
    """Delete the rows of a table for which a condition holds; how many went.

    Args:
        engine: the warehouse.
        table: with its schema, quoted where it needs to be.
        condition: SQL of our own about one row, called `old`.
        values: bound to the condition's parameters.
    """
    # By the place of the row, so that each step stops looking when it has found enough.
    statement = text(
        f"delete from {table} where ctid = any(array("  # noqa: S608 - made of our own rules
        f"select old.ctid from {table} as old where {condition} limit :step))"
    )
    total, count = 0, STEP
    while count == STEP:
        with engine.begin() as connection:
            count = connection.execute(statement, {**values, "step": STEP}).rowcount
        total += count
    return total
