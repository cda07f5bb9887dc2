"""What a contract says: `report.yml` in words, before any database is asked.

A contract that cannot be kept is refused with the mend: a key that is no column, a scope that does not fit what is
followed. Its columns are in `columns.py`, what it may name is in `names.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from include.channels.values import Interval, Text, nearest, refuse
from include.reports.columns import ColumnContract, ParameterContract
from include.reports.names import (
    ENTITY_OF_TABLE,
    LIST,
    REPORT_PREFIX,
    SUBJECTS,
    Area,
    Contract,
    CrmTable,
    Name,
    Subject,
)


class RefreshContract(Contract):
    """How the table follows the data.

    What is computed anew is named by columns of the table: one, by `unit` and `column`, whose values are the touched
    days, months or keys themselves; or several, by `columns`, which the folder's `scope.sql` works out.

    Attributes:
        incremental: false: computed whole each time, with the reason; true: only what windows touched.
        subjects: what is followed, as `ops.touched` names it; `<report>.<name>` is what another report tells.
        unit: for subjects that are instants or days, the days or months around them are computed anew.
        column: the table's column that holds the day, the first of the month, or the key.
        columns: the table's columns that `scope.sql` returns.
        keeps_the_past: rows outside of the scope stay as they are even when everything is computed: snapshots.
    """

    incremental: bool
    reason: Text | None = None
    subjects: Annotated[tuple[Subject, ...], LIST] = ()
    unit: Literal["day", "month", "key"] | None = None
    column: Name | None = None
    columns: Annotated[tuple[Name, ...], LIST] = ()
    keeps_the_past: bool = False

    @model_validator(mode="after")
    def _is_whole(self) -> RefreshContract:
        named = [name for name in ("subjects", "unit", "column", "columns") if getattr(self, name)]
        if not self.incremental and (self.reason is None or named or self.keeps_the_past):
            raise refuse("is not incremental", "say why in `reason`, and leave everything else out")
        if self.incremental and (self.reason is not None or not self._has_a_scope):
            raise refuse(
                "is incremental",
                "give subjects with unit and column, or columns with a scope.sql, and leave `reason` out",
            )
        for subject in () if self.columns else self.subjects:
            # What another report tells is text that the unit says how to read.
            if "." not in subject and (self.unit == "key") == SUBJECTS[subject]:
                fitting = "day or month" if SUBJECTS[subject] else "key"
                raise refuse(f"has a unit that does not fit the subject {subject}", f"write unit: {fitting}")
        return self

    @property
    def _has_a_scope(self) -> bool:
        by_column = bool(self.subjects and self.unit and self.column)
        return bool(self.columns) != by_column and not (self.columns and (self.unit or self.column))

    @property
    def scope_columns(self) -> tuple[str, ...]:
        """The columns of the table that say what is computed anew."""
        if self.columns or self.column is None:
            return self.columns
        return (self.column,) if self.unit == "key" else ("channel_code", self.column)


class TableContract(Contract):
    """What reports and segments have in common.

    Attributes:
        key: columns that tell rows apart.
        inputs: what the query reads: tables of crm, other reports as `report.<name>`, and `names.UNTOLD_INPUTS`.
        tells: what other reports may follow: by name, the columns whose old and new values are recorded as touched.
        tells_moves: the same, but only of rows that came, went or changed in these columns: who counts rows and reads
            nothing else of them need not be told of the rest.
        indexes: columns of further indexes, for those who look rows up by them.
    """

    title: Text
    grain: Text
    key: Annotated[tuple[Name, ...], LIST, Field(min_length=1)]
    columns: Annotated[tuple[ColumnContract, ...], LIST, Field(min_length=1)]
    inputs: Annotated[tuple[CrmTable, ...], LIST, Field(min_length=1)]
    refresh: RefreshContract
    tells: Mapping[Name, Annotated[tuple[Name, ...], LIST]] = {}
    tells_moves: Mapping[Name, Annotated[tuple[Name, ...], LIST]] = {}
    indexes: Annotated[tuple[Annotated[tuple[Name, ...], LIST], ...], LIST] = ()
    parameters: Annotated[tuple[ParameterContract, ...], LIST] = ()

    @model_validator(mode="after")
    def _names_known_columns(self) -> TableContract:
        names = [column.name for column in self.columns]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise refuse(f"gives the column {twice[0]} twice", "keep one of the two")
        wanted = [*self.key, *(column.currency for column in self.columns if column.currency)]
        wanted += [*self.refresh.scope_columns]
        told = (*self.tells.values(), *self.tells_moves.values())
        wanted += [name for columns in (*told, *self.indexes) for name in columns]
        wanted += ["channel_code"] if told else []
        for name in wanted:
            if name not in names:
                raise refuse(
                    f"names {name}, which is no column of it",
                    f"write {nearest(name, names) or 'one of its columns'}",
                )
        return self

    @property
    def crm_inputs(self) -> tuple[str, ...]:
        """The tables of crm among the inputs."""
        return tuple(name for name in self.inputs if name in ENTITY_OF_TABLE)

    @property
    def input_tables(self) -> tuple[str, ...]:
        """The inputs with their schemas."""
        return tuple(f"crm.{name}" if name in ENTITY_OF_TABLE else name for name in self.inputs)

    @property
    def report_inputs(self) -> tuple[str, ...]:
        """The reports among the inputs, by their names."""
        return tuple(
            name.removeprefix(REPORT_PREFIX) for name in self.inputs if name.startswith(REPORT_PREFIX)
        )

    @property
    def entities(self) -> frozenset[str]:
        """The entities whose tables it reads itself."""
        return frozenset(ENTITY_OF_TABLE[table] for table in self.crm_inputs)

    @property
    def parameter_values(self) -> Mapping[str, Any]:
        """The parameters with their defaults."""
        return {parameter.name: parameter.default for parameter in self.parameters}


class ReportContract(TableContract):
    """`report.yml`.

    Attributes:
        question: what a reader learns from it.
        area: the DAG that refreshes it.
        owner: the role that answers for it; a role, never a person.
        freshness: how old the data may be before a refresh warns.
    """

    question: Text
    area: Area
    owner: Name
    freshness: Interval

    @property
    def comment(self) -> str:
        """Comment of the table."""
        return f"{self.grain.rstrip('.')}. {self.question} How far it is complete: report.complete_until."
