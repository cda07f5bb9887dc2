"""Flat rows of nested records, as an extractor writes them that knows no more than the records themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

Rows = dict[str, list[dict[str, Any]]]
PARENT = "parent_order_id"


def rows_by_table(records: Iterable[Mapping[str, Any]]) -> Rows:
    """Orders, and a table for every field that holds records of its own; values as the store sent them."""
    tables: Rows = defaultdict(list)
    for record in records:
        flat: dict[str, Any] = {}
        for name, value in record.items():
            children = value if isinstance(value, list) else [value] if isinstance(value, Mapping) else None
            if children is None:
                flat[name] = value
                continue
            tables[f"orders_{name}"] += [
                {PARENT: record["order_id"]}
                | {key: inner for key, inner in child.items() if not isinstance(inner, list | Mapping)}
                for child in children
                if isinstance(child, Mapping)
            ]
        tables["orders"].append(flat)
    return {name: rows for name, rows in tables.items() if rows}


def count(rows: Rows) -> int:
    """All rows of all tables."""
    return sum(map(len, rows.values()))
