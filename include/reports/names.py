"""What a contract may name: columns, tables that are read, subjects that are followed, areas.

Whether a table of crm or a subject exists follows from the entities; of another report, only the form of its name is
looked at here, for the reports are not known yet when one is read.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from include.channels.values import nearest, refuse
from include.entities.catalogue import ENTITIES, tables
from include.reports.areas import AREAS

INSTANT_COLUMNS = frozenset({"source_created_at", "source_updated_at"})
ACCOUNT = "account"
"""Recorded as touched where customers join or leave an account (include/identity), not by an entity's table."""
SUBJECTS: dict[str, bool] = {
    t.subject: t.column in INSTANT_COLUMNS for table in tables() for t in table.touches
} | {ACCOUNT: False}
_OF_ENTITIES = {table.name: entity.name for entity in ENTITIES for table in entity.tables}
_OF_PEOPLE = ("accounts", "contacts", "account_matches", "account_lifetimes")
_OF_DECISIONS = {"order_contacts": "orders", "cart_transitions": "carts"}
ENTITY_OF_TABLE: dict[str, str] = {
    **_OF_ENTITIES,
    **{f"{table}_history": entity for table, entity in _OF_ENTITIES.items()},
    **dict.fromkeys(_OF_PEOPLE, "customers"),
    **_OF_DECISIONS,
}
REPORT_PREFIX = "report."
UNTOLD_INPUTS = frozenset({"ops.sync_health", "marketing.exports", "marketing.segment_members"})
"""What reports may read about the syncing itself, and about segments. Nothing records as touched what changes there: a
report is computed whole, or its scope.sql finds what is new by its instants."""


def _to_name(value: str) -> str:
    if not value.isascii() or not value.isidentifier() or value != value.lower() or len(value) > 50:
        raise refuse("is not a name in snake_case", "write lower-case letters, digits and _, 50 at most")
    return value


def _to_input(value: str) -> str:
    if value.startswith(REPORT_PREFIX):
        return REPORT_PREFIX + _to_name(value.removeprefix(REPORT_PREFIX))
    if value not in ENTITY_OF_TABLE and value not in UNTOLD_INPUTS:
        known = sorted({*ENTITY_OF_TABLE, *UNTOLD_INPUTS})
        raise refuse(
            "names a table that crm does not have",
            f"write {nearest(value, known) or 'one of ' + ', '.join(known)}",
        )
    return value


def _to_subject(value: str) -> str:
    report, dot, told = value.partition(".")
    if dot:
        return f"{_to_name(report)}.{_to_name(told)}"
    if value not in SUBJECTS:
        known = sorted(SUBJECTS)
        meant = nearest(value, known) or " or ".join(known)
        raise refuse("is nothing that windows record as touched", f"write {meant}")
    return value


def _to_area(value: str) -> str:
    if value not in AREAS:
        raise refuse("is no area", f"write {nearest(value, list(AREAS)) or 'one of ' + ', '.join(AREAS)}")
    return value


def _to_tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


LIST = BeforeValidator(_to_tuple)
Name = Annotated[str, AfterValidator(_to_name)]
CrmTable = Annotated[str, AfterValidator(_to_input)]
Subject = Annotated[str, AfterValidator(_to_subject)]
Area = Annotated[str, AfterValidator(_to_area)]


class Contract(BaseModel):
    """Base of everything a contract holds: immutable, unknown names refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)
