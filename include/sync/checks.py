"""Running the checks: Great Expectations over the staged frames of a window, part by part.

Part n of every table holds the same records, so whatever is asked of a record and its children can be asked of a part.
Only uniqueness looks further: a store may deliver a record twice, in two parts, and the keys of all parts tell.
Importing Great Expectations costs seconds, so it is imported by the first window of a batch and never at the top. It
also returns the offending values, which may be personal: nothing but keys and counts leaves this file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from include.entities.model import Entity, Expectation, Frames, Table
from include.errors import DataError
from include.sync.casting import ARROW_TYPES
from include.sync.expectations import UNIQUE, expectations_of
from include.sync.flatten import ROOT
from include.sync.great_expectations_import import quieten
from include.sync.kept_descriptions import descriptions_kept
from include.sync.staging import Stage
from include.sync.verdict import CheckResult, Verdict

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuite
    from great_expectations.core.batch_definition import BatchDefinition

Repeated = Mapping[str, Collection[str]]
"""Keys that come more than once, by table."""


def check_stage(entity: Entity, stage: Stage) -> Verdict:
    """Run every check of everything staged, in the memory of one part."""
    repeated = {table.name: repeated_keys(stage, table) for table in entity.tables}
    return Verdict.of(
        result for frames in stage.frames() for result in check_frames(entity, frames, repeated)
    )


def repeated_keys(stage: Stage, table: Table) -> frozenset[str]:
    """Keys that come more than once in a table of several parts; a single part is its check's own business."""
    parts = [part[table.key_column] for part in stage.parts(table.name, [table.key_column])]
    if len(parts) < 2:
        return frozenset()
    counted = pc.value_counts(pa.chunked_array([chunk for part in parts for chunk in part.chunks]))
    often = counted.filter(pc.greater(counted.field("counts"), 1)).field("values")
    return frozenset(key for key in often.to_pylist() if key is not None)


def check_frames(
    entity: Entity, frames: Mapping[str, pa.Table], repeated: Repeated | None = None
) -> Iterator[CheckResult]:
    """Run every check of every frame that has rows.

    Args:
        entity: whose checks.
        frames: typed frames by table, with all children of the records in them.
        repeated: keys that are taken for repeated although they may come once in these frames.

    Raises:
        DataError: a check is declared so that it cannot be run.
    """
    looked_at: Frames = {name: _for_checks(frame) for name, frame in frames.items()}
    if entity.root.name in looked_at:
        _measure(entity, looked_at)
    for table in entity.tables:
        if table.name in looked_at:
            yield from _check_table(entity, table, looked_at, (repeated or {}).get(table.name, ()))


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
    fields = [(f.name, ARROW_TYPES[f.kind]) for f in table.fields]
    names = [ROOT, table.key_column, *(r.name for r in table.all_references())]
    return pa.schema([*((name, pa.string()) for name in names), *fields]).empty_table()


def _check_table(
    entity: Entity, table: Table, frames: Frames, repeated: Collection[str]
) -> Iterator[CheckResult]:
    checks = expectations_of(entity, table)
    frame = _looked_at(frames[table.name], table, checks)
    if frame.empty:
        return
    # Rows are named by position: a column of their own would be one more thing Great Expectations copies.
    batch = batch_definition().get_batch(batch_parameters={"dataframe": frame.reset_index(drop=True)})
    with descriptions_kept():
        outcome = batch.validate(
            _suite(table.name, checks),
            result_format={"result_format": "COMPLETE", "include_unexpected_rows": False},
        )
    by_rule = {_rule_of(result): result for result in outcome.results}
    for check in checks:
        yield _result(check, by_rule[check.rule], frame, table, repeated if check.type == UNIQUE else ())


def _looked_at(frame: Any, table: Table, checks: Sequence[Expectation]) -> Any:
    """The columns that checks name, and the keys: Great Expectations copies the frame again and again."""
    named = {ROOT, table.key_column}
    for argument in (value for check in checks for value in check.arguments.values()):
        named.update(argument if isinstance(argument, list | tuple) else [str(argument)])
    return frame[[column for column in frame.columns if column in named]]


def _rule_of(outcome: Any) -> str:
    return str(outcome.expectation_config.meta["rule"])


def _result(
    check: Expectation, outcome: Any, frame: Any, table: Table, repeated: Collection[str]
) -> CheckResult:
    if outcome.exception_info and _raised(outcome.exception_info):
        raise DataError(
            f"The check {check.table}.{check.rule} could not be run: mend its declaration, it names a column or an "
            "argument that does not fit."
        )
    positions = {int(position) for position in outcome.result.get("unexpected_index_list") or ()}
    if repeated:
        positions.update(frame[table.key_column].isin(repeated).to_numpy().nonzero()[0].tolist())
    failed = frame.iloc[sorted(positions)]
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
def batch_definition() -> BatchDefinition[Any]:
    """What takes the frames; the first call imports Great Expectations."""
    quieten()
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
