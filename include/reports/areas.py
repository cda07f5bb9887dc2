"""Areas: the reports that one DAG refreshes, and what they feed on, as far as a DAG file has to know.

A DAG file is read every few seconds, so this looks at two fields of each contract and judges none: a folder whose
contract cannot be read is left out here and told by the DAG's own check.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from include.settings import PROJECT_ROOT

AREAS = ("sales", "catalog", "customers", "marketing", "operations")
"""In the order in which they are refreshed: a report may read those of its own area and of areas before it."""
_FOLDER = PROJECT_ROOT / "sql" / "reports"
_REPORT = "report."
_UNTOLD = ("ops.", "marketing.", "crm.order_contacts", "crm.cart_transitions")
"""Schemas and tables whose changes no DAG tells of; what people record in SQL is found by the next refresh."""


def inputs_of_area(area: str, folder: Path = _FOLDER) -> dict[str, tuple[str, ...]]:
    """The reports of an area by name, each with the tables it reads: `crm.orders`, `report.sales_orders`."""
    found = {name: said for name, said in _contracts(folder).items() if said.get("area") == area}
    return {
        name: tuple(dict.fromkeys(map(_full_name, said.get("inputs") or ())))
        for name, said in sorted(found.items())
    }


def feeding_tables(area: str, folder: Path = _FOLDER) -> tuple[str, ...]:
    """The tables outside of an area that its reports are made of, bar those of whose changes nobody tells."""
    inputs = inputs_of_area(area, folder)
    own = {f"{_REPORT}{name}" for name in inputs}
    every = {table for tables in inputs.values() for table in tables if not table.startswith(_UNTOLD)}
    return tuple(sorted(every - own))


def _full_name(name: object) -> str:
    """A table's history is written along with the table and tells of nothing itself."""
    is_full = str(name).startswith((_REPORT, *_UNTOLD))
    return str(name) if is_full else f"crm.{str(name).removesuffix('_history')}"


@cache
def _contracts(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    return {path.parent.name: said for path in folder.glob("*/report.yml") if (said := _read(path))}


def _read(path: Path) -> Mapping[str, Any]:
    try:
        said = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    return said if isinstance(said, dict) else {}
