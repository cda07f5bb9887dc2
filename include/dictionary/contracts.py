"""Reports and segments, as their contracts promise them."""

from __future__ import annotations

from include.dictionary import markdown
from include.reports.columns import ColumnContract
from include.reports.loading import load_reports
from include.reports.model import TableContract
from include.segments.loading import load_segments


def reports() -> list[str]:
    """Every report table: the question it answers, grain, columns."""
    lines = ["## Report tables", "", "How far each is complete: `report.complete_until`.", ""]
    for name, report in sorted(load_reports().reports.items()):
        lines += [f"### report.{name}", "", f"**{report.contract.question}**", ""]
        lines += _contract(report.contract)
    return lines


def segments() -> list[str]:
    """Every segment: who is in it, why, columns."""
    lines = ["## Segments", "", "Current members; who was in one on a date: `marketing.segment_members`.", ""]
    for name, segment in sorted(load_segments().segments.items()):
        contract = segment.contract
        lines += [
            f"### marketing.{name}",
            "",
            f"**{contract.title}.** {contract.description} {contract.why}",
            "",
        ]
        lines += _contract(contract)
    return lines


def _contract(contract: TableContract) -> list[str]:
    refresh = contract.refresh
    followed = f"follows {', '.join(refresh.subjects) or 'the calendar'}"
    follows = followed if refresh.incremental else f"whole: {refresh.reason}"
    parameters = [(f"`:{p.name}`", str(p.default), p.meaning) for p in contract.parameters]
    return [
        f"{contract.grain.rstrip('.')}. Reads {', '.join(f'`{name}`' for name in contract.input_tables)}; {follows}.",
        "",
        *markdown.table(("column", "kind", "meaning"), map(_column, contract.columns)),
        *markdown.table(("setting", "default", "meaning"), parameters),
    ]


def _column(column: ColumnContract) -> tuple[str, ...]:
    return (f"`{column.name}`", column.kind.value, column.comment)
