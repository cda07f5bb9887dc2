"""Validate: run Great Expectations over the staged frames of a window and decide which records wait.

Importing Great Expectations costs seconds, so it is imported by the first window of a batch and never at the top.
Results hold keys and counts only: Great Expectations also returns the offending values, which may be personal.
"""

from __future__ import annotations

import logging
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlalchemy import Engine, delete
from sqlalchemy.dialects.postgresql import insert

from include.channels.model import Channel
from include.entities.model import Entity, Expectation, Frames, Severity, Table
from include.errors import DataError
from include.sync import ledger
from include.sync.expectations import expectations_of
from include.sync.flatten import ROOT
from include.sync.staging import Stage, writing
from include.sync.window import Window, WindowState
from include.warehouse.ops_tables import VALIDATION_RESULTS

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuite
    from great_expectations.core.batch_definition import BatchDefinition

log = logging.getLogger(__name__)

KEPT_KEYS = 100
TOLERATED_REJECTS = 10
"""Fewer rejects than this never fail a window, however small the window is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """How one check went: rows looked at, keys of the rows that did not pass and of their records."""

    expectation: Expectation
    evaluated: int
    failed_keys: tuple[str, ...]
    failed_roots: tuple[str, ...]
    failed_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the checks of a window say."""

    results: tuple[CheckResult, ...]

    def reasons(self) -> dict[str, list[dict[str, str]]]:
        """Why which records wait, by root key."""
        reasons: dict[str, list[dict[str, str]]] = defaultdict(list)
        for result in self.results:
            if result.expectation.severity is Severity.REJECT:
                for root in dict.fromkeys(result.failed_roots):
                    reasons[root].append({"rule": result.expectation.rule, "table": result.expectation.table})
        return dict(reasons)

    def failures(self) -> list[CheckResult]:
        """Failed checks that stop the window."""
        return [r for r in self.results if r.failed_count and r.expectation.severity is Severity.FAIL]

    def warned(self) -> int:
        """Rows that did not pass a check that only warns."""
        return sum(r.failed_count for r in self.results if r.expectation.severity is Severity.WARN)


def validate_window(
    engine: Engine, entity: Entity, channel: Channel, window: Window, stage: Stage
) -> Verdict:
    """Check a staged window, keep the results, set aside what waits.

    Raises:
        DataError: a check says that the window must not load, or too large a share of its records waits.
    """
    verdict = check_frames(entity, frames_of(entity, stage))
    _keep_results(engine, window, verdict)
    reasons = verdict.reasons()
    with writing():
        stage.write_refused(_refused(entity, channel, stage, reasons), by="validate")
    refused = {entry["record_key"] for entry in stage.refused()}
    _judge(engine, channel, window, verdict, rejected=len(refused))
    ledger.note(
        engine,
        window.window_id or 0,
        state=WindowState.VALIDATED.value,
        # What is loaded is what was checked, also when another run has staged the window anew meanwhile.
        staged_at_path=stage.path,
        rejected_count=len(refused),
        warned_count=verdict.warned(),
    )
    return verdict


def _judge(engine: Engine, channel: Channel, window: Window, verdict: Verdict, *, rejected: int) -> None:
    failed = verdict.failures()
    if failed:
        rules = ", ".join(sorted({f"{r.expectation.table}.{r.expectation.rule}" for r in failed}))
        raise DataError(
            f"Window {window.window_id} of {window.channel_code} {window.entity} does not load because of {rules}: "
            "see ops.validation_results, mend the store or the channel file, then run again."
        )
    read = read_count(engine, window)
    limit = channel.quality.max_rejected_ratio * read
    if rejected >= TOLERATED_REJECTS and rejected > limit:
        raise DataError(
            f"{rejected} of {read} records in window {window.window_id} of {window.channel_code} {window.entity} were "
            "rejected, more than max_rejected_ratio allows: look at ops.validation_results for the rules they break, "
            "mend the cause or raise the ratio in the channel file, then run again."
        )


def read_count(engine: Engine, window: Window) -> int:
    """Records read of a window, from its ledger row."""
    from include.warehouse.ops_tables import WINDOWS

    with engine.connect() as connection:
        statement = (
            WINDOWS.select()
            .with_only_columns(WINDOWS.c.read_count)
            .where(WINDOWS.c.window_id == window.window_id)
        )
        return int(connection.execute(statement).scalar_one() or 0)


def frames_of(entity: Entity, stage: Stage) -> dict[str, pa.Table]:
    """The staged frames of a window; tables without rows are left out."""
    found = {table.name: stage.whole(table.name) for table in entity.tables}
    return {name: frame for name, frame in found.items() if frame is not None}


def check_frames(entity: Entity, frames: Mapping[str, pa.Table]) -> Verdict:
    """Run every check of every frame that has rows."""
    looked_at = {name: _for_checks(frame) for name, frame in frames.items()}
    if len(looked_at) == len(entity.tables) or entity.root.name in looked_at:
        _measure(entity, looked_at)
    results = [
        result
        for table in entity.tables
        if table.name in looked_at
        for result in _check_table(entity, table, looked_at)
    ]
    return Verdict(results=tuple(results))


def _for_checks(frame: pa.Table) -> Any:
    """A pandas frame to look at: decimals as floats, which is precise enough to compare within a cent."""
    columns = [
        frame[name].cast(pa.float64()) if pa.types.is_decimal(frame.schema.field(name).type) else frame[name]
        for name in frame.column_names
    ]
    return pa.table(columns, names=frame.column_names).to_pandas()


def _measure(entity: Entity, frames: Frames) -> None:
    for table in entity.tables:
        if table.name not in frames:
            frames[table.name] = _for_checks(_empty(table))
    for measure in entity.measures:
        measure(frames)


def _empty(table: Table) -> pa.Table:
    from include.sync.casting import ARROW_TYPES

    fields = [(f.name, ARROW_TYPES[f.kind]) for f in table.fields]
    names = [ROOT, table.key_column, *(r.name for r in table.all_references())]
    return pa.schema([*((name, pa.string()) for name in names), *fields]).empty_table()


def _check_table(entity: Entity, table: Table, frames: Frames) -> Iterable[CheckResult]:
    checks = expectations_of(entity, table)
    frame = _looked_at(frames[table.name], table, checks)
    if frame.empty:
        return ()
    # Rows are named by position: a column of their own would be one more thing Great Expectations copies.
    outcome = (
        _batch_definition()
        .get_batch(batch_parameters={"dataframe": frame.reset_index(drop=True)})
        .validate(
            _suite(table.name, checks),
            result_format={"result_format": "COMPLETE", "include_unexpected_rows": False},
        )
    )
    by_rule = {_rule_of(result): result for result in outcome.results}
    return [_result(check, by_rule[check.rule], frame, table) for check in checks]


def _looked_at(frame: Any, table: Table, checks: Sequence[Expectation]) -> Any:
    """The columns that checks name, and the keys: Great Expectations copies the frame again and again."""
    named = {ROOT, table.key_column}
    for argument in (value for check in checks for value in check.arguments.values()):
        named.update(argument if isinstance(argument, list | tuple) else [str(argument)])
    return frame[[column for column in frame.columns if column in named]]


def _rule_of(outcome: Any) -> str:
    return str(outcome.expectation_config.meta["rule"])


def _result(check: Expectation, outcome: Any, frame: Any, table: Table) -> CheckResult:
    if outcome.exception_info and _raised(outcome.exception_info):
        raise DataError(
            f"The check {check.table}.{check.rule} could not be run: mend its declaration, it names a column or an "
            "argument that does not fit."
        )
    positions = [int(position) for position in outcome.result.get("unexpected_index_list") or ()]
    failed = frame.iloc[positions]
    return CheckResult(
        expectation=check,
        evaluated=int(outcome.result.get("element_count", len(frame))),
        failed_keys=_texts(failed[table.key_column]),
        failed_roots=_texts(failed[ROOT]),
        failed_count=len(positions) or int(not outcome.success),
    )


def _raised(info: Mapping[str, Any]) -> bool:
    """Great Expectations reports an exception either flat or by metric."""
    if "raised_exception" in info:
        return bool(info["raised_exception"])
    return any(entry.get("raised_exception") for entry in info.values())


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(value for value in values.tolist() if isinstance(value, str))


@cache
def _batch_definition() -> BatchDefinition[Any]:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    # Imported after Airflow it would log two hundred lines of what it does not register again.
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    asset = context.data_sources.add_pandas("staged").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("window")


def _suite(name: str, checks: Sequence[Expectation]) -> ExpectationSuite:
    import great_expectations.expectations as gxe
    from great_expectations.core import ExpectationSuite

    built = [
        getattr(gxe, check.type)(**check.arguments, description=check.meaning, meta={"rule": check.rule})
        for check in checks
    ]
    return ExpectationSuite(name=name, expectations=built)


def _refused(
    entity: Entity, channel: Channel, stage: Stage, reasons: dict[str, list[dict[str, str]]]
) -> list[dict[str, Any]]:
    """Quarantine entries for the records that failed, with their payload from the raw copy."""
    if not reasons:
        return []
    id_field = entity.reading[channel.kind].id_field
    payloads = {f"{channel.code}:{record.get(id_field)}": record for record in stage.records()}
    return [
        {"record_key": root, "reasons": why, "payload": payloads.get(root)} for root, why in reasons.items()
    ]


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
        "failed_keys_json": list(result.failed_keys[:KEPT_KEYS]),
    }
