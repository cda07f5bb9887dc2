"""Runs every case below `reports/` and `segments/`: `given.yaml` holds rows, `expect.yaml` what must come of them.

A case is a folder named after a rule. `expect.yaml` says `rows` (all of them; only the columns named are compared),
and may say `warnings` (sentences of all warn checks that find rows) or `fails` (the sentence that stops the refresh).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine

from include.errors import DataError
from include.reports.refresh import RefreshOutcome
from include.segments.loading import Segment, load_segments
from include.segments.refresh import refresh_segment
from tests.reports.in_order import refresh_in_order
from tests.sql.sample_warehouse import add_rows, all_rows

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
# Every case is about something else than how old its data is.
STALE = "Channels whose data is older than the contract allows, or still being loaded."


def _report(engine: Engine, name: str) -> RefreshOutcome:
    return refresh_in_order(engine, [name], now=NOW)[name]


@cache
def _segments() -> dict[str, Segment]:
    return load_segments().segments


def _segment(engine: Engine, name: str) -> RefreshOutcome:
    segment = _segments()[name]
    refresh_in_order(engine, segment.contract.report_inputs, now=NOW)
    return refresh_segment(engine, segment, now=NOW).refresh


RUNNERS: dict[str, tuple[str, Callable[[Engine, str], RefreshOutcome]]] = {
    "reports": ("report", _report),
    "segments": ("marketing", _segment),
}
CASES = [path.parent.relative_to(HERE) for path in sorted(HERE.glob("*/*/*/given.yaml"))]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case: Path, warehouse: Engine) -> None:
    folder, name, _ = case.parts
    schema, run = RUNNERS[folder]
    expected = yaml.safe_load((HERE / case / "expect.yaml").read_text("utf-8"))
    add_rows(warehouse, yaml.safe_load((HERE / case / "given.yaml").read_text("utf-8")))

    if "fails" in expected:
        with pytest.raises(DataError, match=re.escape(expected["fails"])):
            run(warehouse, name)
        return
    outcome = run(warehouse, name)

    assert _comparable(all_rows(warehouse, f"{schema}.{name}"), expected["rows"]) == _comparable(
        expected["rows"], expected["rows"]
    )
    assert _sentences(outcome.warnings) == sorted(expected.get("warnings", []))


def _comparable(rows: Iterable[dict[str, Any]], expected: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    columns = sorted({column for row in expected for column in row})
    return sorted((tuple(_plain(row.get(column)) for column in columns) for row in rows), key=repr)


def _plain(value: Any) -> Any:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return Decimal(str(value)).normalize()
    return value


def _sentences(warnings: Iterable[str]) -> list[str]:
    return sorted(s for s in (re.sub(r" \(\d+\)$", "", warning) for warning in warnings) if s != STALE)
