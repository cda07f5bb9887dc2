"""The shared definitions, as the comments in their files describe them."""

from __future__ import annotations

import re

from include.dictionary import markdown
from include.warehouse.definitions import Definition, load_definitions

_OBJECT = re.compile(
    r"comment on (?:view|function) (?:crm|ops|marketing)\.\w+(?:\([^)]*\))? is\s*'((?:[^']|'')*)'",
    re.IGNORECASE,
)
_COLUMN = re.compile(
    r"comment on column (?:crm|ops|marketing)\.\w+\.(\w+) is\s*'((?:[^']|'')*)'", re.IGNORECASE
)


def section() -> list[str]:
    """Every view and function of `sql/shared/`: the one place of each definition."""
    introduction = "Each says one thing once, and reports and segments read it: `sql/shared/`."
    lines = ["## Shared definitions", "", introduction, ""]
    for definition in sorted(load_definitions(), key=lambda one: one.name):
        lines += _view(definition)
    return lines


def _view(definition: Definition) -> list[str]:
    told = _OBJECT.search(definition.sql)
    heading = [f"### {definition.qualified}", "", _text(told.group(1)) if told else "", ""]
    rows = ((f"`{name}`", _text(comment)) for name, comment in _COLUMN.findall(definition.sql))
    return heading + markdown.table(("column", "meaning"), rows)


def _text(quoted: str) -> str:
    return quoted.replace("''", "'")
