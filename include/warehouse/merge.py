"""Merge staged rows into the warehouse: set-based, only what differs, history and affected keys kept.

Three passes over the tables of an entity, because old values must be seen before anything is overwritten:
`compare` says which rows are new, changed, stale or gone; `remember` keeps superseded versions and affected keys;
`apply` writes. All of it runs in the caller's transaction under the lock of the channel's entity, so nothing moves
in between.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from psycopg import sql

from include.entities.fields import Policy
from include.entities.model import Entity, Silence, Table, Touch
from include.warehouse.merge_columns import assignments, differences, listed
from include.warehouse.merge_statements import (
    CHANGED_ROWS,
    COMPARE,
    COUNT,
    DEFAULT_OWNER,
    DELETE,
    FILL_FROM_KNOWN,
    FILL_SILENT,
    GONE_CHILDREN,
    GONE_ROWS,
    HAS_OUTGROWN_STATISTICS,
    INSERT_NEW,
    KEEP_HISTORY,
    OVERWRITE,
    TOUCHED,
    TOUCHED_ROOTS,
    TOUCHED_ROOTS_OF_CHILDREN,
)
from include.warehouse.schema import CRM, HISTORY, content_columns, history_columns
from include.warehouse.silence import is_told, kept

if TYPE_CHECKING:
    from psycopg import Connection


# What a window looks up was used a moment ago or lies on a disk without moving parts: with the default cost, a small
# window reads whole tables instead of their indexes.
PLANNED_FOR_WINDOWS = ("set local jit = off", "set local random_page_cost = 1.1")
"""Settings of the planner for a window's transaction, what is derived from its rows included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the merge did to one table, in rows."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    stale: int = 0
    deleted: int = 0

    @property
    def changed(self) -> int:
        """Rows that are not as they were."""
        return self.inserted + self.updated + self.deleted

    def as_dict(self) -> dict[str, int]:
        """For the ledger."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of one row: inserted, updated, stale or deleted.

    Attributes:
        columns: of an updated row, those that get another value; `deleted_at` where it comes back.
    """

    key: str
    change: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """One merge of one window's staged tables.

    Attributes:
        window_id: goes into every written row, and names the staged tables.
        is_forced: rows older than the warehouse's overwrite them (the store was restored from a backup).
        is_partial: records came without some of their values and children: absent ones are unknown, not gone.
        silence: records of which the store no longer tells everything: what they lack is unknown, not gone.
    """

    connection: Connection
    entity: Entity
    channel_code: str
    window_id: int
    is_forced: bool = False
    is_partial: bool = False
    silence: Silence | None = None

    def columns(self, table: Table) -> list[str]:
        """Content columns, in the order of the staged table."""
        return [column.name for column in content_columns(table)]

    def staged(self, table: Table) -> sql.Identifier:
        """The staged rows of a table."""
        return sql.Identifier("staging", f"w{self.window_id}_{table.name}")

    def _delta(self, table: Table) -> sql.Identifier:
        return sql.Identifier("staging", f"w{self.window_id}_{table.name}_delta")

    def create_staged(self) -> None:
        """Empty staged tables; made and dropped inside the transaction, so that a crash leaves nothing."""
        for table in self.entity.tables:
            self._run(
                "create unlogged table {staged} as select {columns} from {known} with no data",
                table,
                columns=listed(self.columns(table)),
            )

    def drop_staged(self) -> None:
        """Remove what the merge worked with."""
        for table in self.entity.tables:
            self._run("drop table {staged}, {delta}", table)
        self.connection.execute("drop table if exists staging_touched_roots")

    def run(self) -> dict[str, Outcome]:
        """Merge the staged tables; what happened, by table."""
        self.compare()
        return self.write()

    def compare(self) -> None:
        """Find out what would change; nothing is written but that."""
        for setting in PLANNED_FOR_WINDOWS:
            self.connection.execute(setting)
        # The planner needs to know how many rows there are, and that their keys differ: a small sample tells it both.
        self.connection.execute("set local default_statistics_target = 10")
        for table in self.entity.tables:
            self._run("analyze {staged} ({key})", table)
            if self.is_partial:
                self._fill(table)
            elif self.silence and not table.parent:
                self._run(FILL_SILENT, table, **kept(self.silence))
            self._compare(table)
        self.connection.execute("set local default_statistics_target to default")

    def changed_rows(self, table: Table, most: int) -> list[Change]:
        """The first rows that are not as the warehouse has them, by key; between `compare` and `write`."""
        tests = differences(table, self.columns(table))
        found = self._run(CHANGED_ROWS, table, differences=tests, most=most)
        return [Change(key=key, change=change, columns=tuple(columns)) for key, change, columns in found]

    def write(self) -> dict[str, Outcome]:
        """Write what `compare` found; what happened, by table."""
        self._remember()
        outcomes = {}
        for table in self.entity.tables:
            self._apply(table)
            outcomes[table.name] = self._outcome(table)
            self._keep_statistics(table)
        return outcomes

    def _fill(self, table: Table) -> None:
        """The warehouse's own values where the staged rows have none."""
        known = [
            sql.Identifier(c) for c in self.columns(table) if c not in (table.key_column, "channel_code")
        ]
        filled = (sql.SQL("{c} = coalesce(staged.{c}, known.{c})").format(c=column) for column in known)
        self._run(FILL_FROM_KNOWN, table, filled=sql.SQL(", ").join(filled))

    def _compare(self, table: Table) -> None:
        """Which staged rows are new, changed or stale, and which rows of the warehouse are gone."""
        self._run(COMPARE, table, stale=self._stale(table), not_behind=self._follows(table))
        self._run("analyze {delta} (row_key)", table)
        if self.is_partial:
            return
        if table.parent:
            owner = sql.Identifier(table.parent.name)
            self._run(GONE_CHILDREN, table, parent_key=owner, is_told=is_told(self.silence), **self._root())
        elif self.entity.is_snapshot:
            self._run(GONE_ROWS, table)

    def _stale(self, table: Table) -> sql.Composable:
        """Older than the warehouse's version. Children follow their record; a row without a stamp is not older."""
        if self.is_forced or table.parent or self.entity.is_snapshot:
            return sql.SQL("false")
        return sql.SQL("coalesce(staged.source_updated_at < known.source_updated_at, false)")

    def _follows(self, table: Table) -> sql.Composable:
        """Children of a stale record stay away with it."""
        if not table.parent:
            return sql.SQL("true")
        return sql.SQL(
            "not exists (select from {root_delta} as behind where behind.is_stale and behind.row_key = staged.{parent})"
        ).format(parent=sql.Identifier(table.parent.name), **self._root())

    def _root(self) -> dict[str, sql.Composable]:
        root = self.entity.root
        return {
            "root_delta": self._delta(root),
            "root_staged": self.staged(root),
            "root_key": sql.Identifier(root.key_column),
        }

    def _remember(self) -> None:
        for table in self.entity.tables:
            if table.name in HISTORY:
                self._keep_history(table)
        self._remember_touched()

    def _keep_history(self, table: Table) -> None:
        """Versions end when the store's values change; what the warehouse owns is watched by the step that sets it."""
        owned = {f.name for f in table.fields if f.policy is Policy.WAREHOUSE_OWNED}
        tracked = history_columns(table)
        if compared := [name for name in tracked if name not in owned]:
            self._run(
                KEEP_HISTORY,
                table,
                history=sql.Identifier("crm", HISTORY[table.name].name),
                tracked=listed(tracked),
                kept=listed(tracked, "known"),
                old=listed(compared, "known"),
                new=listed(compared, "staged"),
            )

    def _remember_touched(self) -> None:
        """Old and new keys of every record that changed, be it only in a child."""
        root = self.entity.root
        if not root.touches:
            return
        self.connection.execute("create temp table staging_touched_roots (row_key text) on commit drop")
        self._run(TOUCHED_ROOTS, root)
        for table in self.entity.tables:
            if table.parent:
                self._run(TOUCHED_ROOTS_OF_CHILDREN, table, owner=sql.Identifier(table.parent.name))
        for touch in root.touches:
            self._run(
                _touch_statement(touch), root, column=sql.Identifier(touch.column), subject=touch.subject
            )

    def _apply(self, table: Table) -> None:
        columns = self.columns(table)
        own = self._own(table)
        self._run(
            INSERT_NEW,
            table,
            columns=listed([*columns, *own]),
            staged_columns=sql.SQL(", ").join([listed(columns, "staged"), *own.values()]),
        )
        self._run(
            OVERWRITE,
            table,
            columns=listed(columns),
            staged_columns=listed(columns, "staged"),
            assignments=assignments(table, columns),
        )
        self._run(DELETE, table)

    def _own(self, table: Table) -> dict[str, sql.Composable]:
        """What a new row has beside what the store says; the row's fingerprint does not depend on it."""
        own: dict[str, sql.Composable] = {
            field.name: sql.Identifier("staged", table.key_column) for field in table.own_keys
        }
        if table.has_owner:
            own["owner_name"] = sql.SQL(DEFAULT_OWNER).format(channel=sql.Literal(self.channel_code))
        return own

    def _keep_statistics(self, table: Table) -> None:
        """Tell the planner about a table that has doubled; autovacuum comes too late for what follows a big window."""
        row = self._run(HAS_OUTGROWN_STATISTICS, table, name=f"crm.{CRM[table.name].name}").fetchone()
        if row and row[0]:
            # Without the last one the planner takes all rows but a few for gone from the store.
            looked_up = [
                table.key_column,
                *((table.parent.name,) if table.parent else ()),
                *table.indexes,
                "deleted_at",
            ]
            self._run("analyze {known} ({columns})", table, columns=listed(looked_up))

    def _outcome(self, table: Table) -> Outcome:
        row = self._run(COUNT, table).fetchone()
        total, inserted, updated, stale, deleted = row or (0, 0, 0, 0, 0)
        unchanged = total - inserted - updated - stale
        return Outcome(inserted=inserted, updated=updated, unchanged=unchanged, stale=stale, deleted=deleted)

    def _run(self, statement: str, table: Table, **parts: Any) -> Any:
        composed = sql.SQL(statement).format(
            staged=self.staged(table),
            delta=self._delta(table),
            known=sql.Identifier("crm", CRM[table.name].name),
            key=sql.Identifier(table.key_column),
            window_id=sql.Literal(self.window_id),
            channel=sql.Literal(self.channel_code),
            **{
                name: part if isinstance(part, sql.Composable) else sql.Literal(part)
                for name, part in parts.items()
            },
        )
        return self.connection.execute(composed)


def _touch_statement(touch: Touch) -> str:
    """Instants are kept by the hour: days of any zone are made of hours, and there are far fewer of them."""
    if touch.column.endswith("_at"):
        return TOUCHED.replace("{target}", "touched_at").replace(
            "{value}", "date_trunc('hour', {column}, 'UTC')"
        )
    return TOUCHED.replace("{target}", "touched_key").replace("{value}", "{column}")
