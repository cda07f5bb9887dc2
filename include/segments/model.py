"""What `segment.yml` says: a report's contract, and what a marketer has to know before using the file.

Personal columns are exported only when the file lists them, and they are never stored in the segment's table.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from include.channels.values import Text, nearest, refuse
from include.entities.catalogue import tables
from include.entities.model import Table
from include.reports.model import LIST, Contract, Name, TableContract

ADDRESSED_TABLES = {"customer": "customers", "account": "accounts"}
_TABLES = {table.name: table for table in tables()}


def _to_addressed(value: str) -> str:
    known = [name for name, table in ADDRESSED_TABLES.items() if table in _TABLES]
    if value in known:
        return value
    kept = "is not kept in the warehouse" if value in ADDRESSED_TABLES else "is nothing a segment can address"
    raise refuse(kept, f"write {' or '.join(known)}")


class ExpectedSize(Contract):
    """How many members are plausible; outside of it no file is written."""

    minimum: Annotated[int, Field(ge=0)]
    maximum: Annotated[int, Field(gt=0)]

    @model_validator(mode="after")
    def _is_a_range(self) -> ExpectedSize:
        if self.minimum > self.maximum:
            raise refuse("has a minimum above its maximum", "exchange the two")
        return self


class SegmentContract(TableContract):
    """`segment.yml`.

    Attributes:
        description: who is in it, in words a marketer understands, and what the file does not promise.
        why: what it is good for.
        addresses: what a member is; the key column is named after it.
        consent: not_checked: nothing is known about consent, and description says so.
        owner: the role that answers for it.
        personal_columns: columns of the addressed table that hold personal data and are exported.
        profiles: shapes of the files to write.
        destination: export_root: the folder of the segment below the export root.
        keep_files: how many files stay there, the newest; older ones are deleted, personal data should not pile up.
    """

    description: Text
    why: Text
    addresses: Annotated[str, AfterValidator(_to_addressed)]
    consent: Literal["not_checked"]
    owner: Name
    expected_size: ExpectedSize
    personal_columns: Annotated[tuple[Name, ...], LIST] = ()
    profiles: Annotated[tuple[Literal["generic"], ...], LIST, Field(min_length=1)] = ("generic",)
    destination: Literal["export_root"] = "export_root"
    # Left out of the contract's fingerprint: how long files are kept changes neither the table nor the file.
    keep_files: Annotated[int, Field(ge=1, exclude=True)] = 10

    @property
    def member_key(self) -> str:
        """Name of the key column."""
        return f"{self.addresses}_key"

    @property
    def addressed_table(self) -> Table:
        """The crm table that holds the members and their personal columns."""
        return _TABLES[ADDRESSED_TABLES[self.addresses]]

    @property
    def comment(self) -> str:
        """Comment of the table."""
        return f"{self.grain.rstrip('.')}. {self.description} History: marketing.segment_members."

    @model_validator(mode="after")
    def _is_keyed_by_member(self) -> SegmentContract:
        if self.key != (self.member_key,):
            raise refuse("has another key than its members", f"write key: [{self.member_key}]")
        if self.addressed_table.name not in self.inputs:
            raise refuse("does not name its members' table", f"add {self.addressed_table.name} to inputs")
        if self.refresh.incremental and self.refresh.column != self.member_key:
            raise refuse(
                "follows something else than its members",
                f"write unit: key and column: {self.member_key} in refresh",
            )
        return self

    @model_validator(mode="after")
    def _keeps_personal_data_apart(self) -> SegmentContract:
        personal = sorted(field.name for field in self.addressed_table.fields if field.is_personal)
        for column in self.columns:
            if column.name in personal:
                raise refuse(
                    f"stores {column.name}, which is personal",
                    "list it under personal_columns instead of columns",
                )
        for name in self.personal_columns:
            if name not in personal:
                meant = nearest(name, personal) or f"one of {', '.join(personal)}"
                raise refuse(
                    f"lists {name}, which is no personal column of {self.addresses}", f"write {meant}"
                )
        return self
