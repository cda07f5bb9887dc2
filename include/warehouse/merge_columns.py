"""Columns as the merge's statements name them: lists, what overwrites what, and what would differ.

What an incoming value does to the stored one is the field's policy; a newcomer would look for it in the SQL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from psycopg import sql

from include.entities.fields import Policy
from include.entities.model import Table

Names = Sequence[str]


def listed(names: Names, alias: str | None = None) -> sql.Composable:
    """Names parted by commas, each behind the alias if there is one."""
    return sql.SQL(", ").join(sql.Identifier(alias, n) if alias else sql.Identifier(n) for n in names)


POLICIES: Mapping[Policy, str] = {
    Policy.MIRROR: "{column} = excluded.{column}",
    Policy.KEEP_WHEN_NULL: "{column} = coalesce(excluded.{column}, known.{column})",
    Policy.FIRST_VALUE: "{column} = coalesce(known.{column}, excluded.{column})",
}


def assignments(table: Table, columns: Names) -> sql.Composable:
    """What an update sets, by each column's policy."""
    policies = {f.name: f.policy for f in table.fields}
    chosen = [(c, policies.get(c, Policy.MIRROR)) for c in columns if c != table.key_column]
    return sql.SQL(", ").join(
        sql.SQL(POLICIES[policy]).format(column=sql.Identifier(column))
        for column, policy in chosen
        if policy is not Policy.WAREHOUSE_OWNED
    )


DIFFERS: Mapping[Policy, str] = {
    Policy.MIRROR: "staged.{column} is distinct from known.{column}",
    Policy.KEEP_WHEN_NULL: "staged.{column} is distinct from known.{column} and staged.{column} is not null",
    Policy.FIRST_VALUE: "known.{column} is null and staged.{column} is not null",
    Policy.WAREHOUSE_OWNED: "false",
}
"""Whether a column of a known row would get another value."""


def differences(table: Table, columns: Names) -> sql.Composable:
    """The names of the columns that an update would change; NULL for each of the others."""
    policies = {f.name: f.policy for f in table.fields}
    is_updated = "not (delta.is_new or delta.is_stale or delta.is_gone)"
    tests = [(name, DIFFERS[policies.get(name, Policy.MIRROR)]) for name in columns]
    tests.append(("deleted_at", "known.{column} is not null"))
    return sql.SQL(", ").join(
        sql.SQL(f"case when {is_updated} and {test} then {{name}} end").format(
            column=sql.Identifier(name), name=sql.Literal(name)
        )
        for name, test in tests
    )
