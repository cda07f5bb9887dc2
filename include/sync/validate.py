"""Validate: check the staged parts of a window, keep the results in the ledger, set aside the records that wait.

What decides is in three places: `checks` runs Great Expectations, `verdict` says what follows, `rejected` names who
waits. Importing Great Expectations costs seconds; the first window of a batch pays them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects.postgresql import insert

from include.channels.model import Channel
from include.entities.model import Entity
from include.sync import ledger
from include.sync.checks import check_stage
from include.sync.rejected import rejected_records
from include.sync.staging import Stage, writing
from include.sync.verdict import CheckResult, Verdict, judge
from include.sync.window import Window, WindowState
from include.warehouse.ledger_tables import WINDOWS
from include.warehouse.ops_tables import VALIDATION_RESULTS


def validate_window(
    engine: Engine, entity: Entity, channel: Channel, window: Window, stage: Stage
) -> Verdict:
    """Check a staged window, keep the results, set aside what waits.

    Raises:
        DataError: a check says that the window must not load, or too large a share of its records waits.
    """
    verdict = check_stage(entity, stage)
    _keep_results(engine, window, verdict)
    rejected = rejected_records(entity, channel, stage, verdict.reasons())
    with writing():
        stage.write_refused(rejected, by="validate")
    waiting = len({entry["record_key"] for entry in stage.refused()})
    judge(channel, window, verdict, read=read_count(engine, window), rejected=waiting)
    ledger.note(
        engine,
        window.window_id or 0,
        state=WindowState.VALIDATED.value,
        # What is loaded is what was checked, also when another run has staged the window anew meanwhile.
        staged_at_path=stage.path,
        rejected_count=waiting,
        warned_count=verdict.warned(),
    )
    return verdict


def read_count(engine: Engine, window: Window) -> int:
    """Records read of a window, from its ledger row."""
    statement = select(WINDOWS.c.read_count).where(WINDOWS.c.window_id == window.window_id)
    with engine.connect() as connection:
        return int(connection.execute(statement).scalar_one() or 0)


def _keep_results(engine: Engine, window: Window, verdict: Verdict) -> None:
    with engine.begin() as connection:
        connection.execute(
            delete(VALIDATION_RESULTS).where(VALIDATION_RESULTS.c.window_id == window.window_id)
        )
        rows = [_row(window, result) for result in verdict.results]
        if rows:
            connection.execute(insert(VALIDATION_RESULTS), rows)


def _row(window: Window, result: CheckResult) -> dict[str, Any]:
    return {
        "window_id": window.window_id,
        "table_name": result.expectation.table,
        "rule": result.expectation.rule,
        "severity": result.expectation.severity.value,
        "is_success": not result.failed_count,
        "evaluated_count": result.evaluated,
        "failed_count": result.failed_count,
        "failed_keys_json": list(result.failed_keys),
    }
