"""What a run left in the warehouse, on one screen: loaded, checked, waiting, the last days, a file's first lines."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, select, text

from include.entities.catalogue import ENTITIES, tables
from include.identity.tables import IDENTITY_TABLES
from include.reports.loading import load_reports
from include.reports.tables import REFRESHES
from include.segments.loading import load_segments

FILE_LINES = 5
LEAST_WIDTH = 112
"""Columns: output that goes to a file or a narrow terminal is better wrapped by its reader than cut by us."""

_DAYS = """
select
    to_char(days.sales_date, 'Dy DD Mon YYYY') as "Day",
    coalesce(stores.store_name, 'deleted store') as "Store",
    days.base_currency_code as "Cur.",
    days.order_count as "Orders",
    to_char(days.item_qty, 'FM999,990') as "Items",
    to_char(days.gross_sales_amount, 'FM9,999,990.00') as "Gross",
    to_char(days.discount_amount, 'FM9,999,990.00') as "Discount",
    to_char(days.revenue_amount, 'FM9,999,990.00') as "Revenue",
    to_char(days.average_order_value_amount, 'FM9,999,990.00') as "Avg order"
from report.daily_sales as days
left join crm.stores as stores on days.store_key = stores.store_key
where days.channel_code = :channel
order by days.sales_date desc, 2, 3
limit 10
"""

_CHECKED = """
select
    windows.entity,
    count(distinct windows.window_id) as windows,
    coalesce(sum(results.checks), 0) as checks,
    coalesce(sum(results.warned), 0) as warned
from ops.windows as windows
left join (
    select window_id, count(*) as checks, sum(failed_count) filter (where severity = 'warn') as warned
    from ops.validation_results group by window_id
) as results on windows.window_id = results.window_id
where windows.channel_code = :channel and windows.state = 'done'
group by windows.entity
"""

_WAITING = """
select entity, count(*) as waiting from ops.quarantine
where channel_code = :channel and resolved_at is null group by entity
"""

_COMPLETE = """
select entity, to_char(complete_until, 'DD Mon YYYY HH24:MI UTC') as until
from crm.complete_until where channel_code = :channel
"""

# Of each channel the profile that takes most people.
_EXPORTED = """
with newest as (
    select distinct on (segment_name, channel_code, profile) segment_name, channel_code, row_count
    from marketing.exports
    where deleted_at is null and published_at is not null
    order by segment_name, channel_code, profile, export_id desc
)

select segment_name, sum(row_count)::bigint as row_count
from (select segment_name, channel_code, max(row_count) as row_count from newest group by 1, 2) as channels
group by segment_name
"""

# The largest file: somebody is in it.
_FILE = """
select segment_name, file_name, row_count from marketing.exports
where deleted_at is null and published_at is not null
order by row_count desc, exported_at desc, segment_name limit 1
"""


def print_summary(
    connection: Connection, channel: str, export_url: str, console: Console | None = None
) -> None:
    """Print the summary of one channel."""
    screen = console or Console(highlight=False, width=max(Console().width, LEAST_WIDTH))
    screen.print()
    screen.print(_loaded(connection, channel))
    days = connection.execute(text(_DAYS), {"channel": channel})
    screen.print(_table("report.daily_sales: the last days", list(days.keys()), days, right=range(3, 9)))
    screen.print(_reports(connection))
    screen.print(_segments(connection))
    _print_file(connection, export_url, screen)


def _reports(connection: Connection) -> Table:
    """One line per report: how many rows it has, and what they answer."""
    counted = {row.table_name: row.row_count for row in connection.execute(select(REFRESHES))}
    rows = [
        (name, f"{counted[report.table.full_name]:,}", report.contract.question)
        for name, report in sorted(load_reports().reports.items())
        if report.table.full_name in counted
    ]
    title = "Reports: make report NAME= prints one with its definition"
    return _table(title, ["Report", "Rows", "What it answers"], rows, right=(1,))


def _segments(connection: Connection) -> Table:
    """One line per segment that somebody is in."""
    counted = {row.table_name: row.row_count for row in connection.execute(select(REFRESHES))}
    exported = {row.segment_name: row.row_count for row in connection.execute(text(_EXPORTED))}
    rows = [
        (name, f"{members:,}", f"{exported.get(name, 0):,}", segment.contract.title)
        for name, segment in sorted(load_segments().segments.items())
        if (members := counted.get(segment.table.full_name, 0))
    ]
    title = "Segments: make segment NAME= says who is in one; exported is who may be written to"
    return _table(title, ["Segment", "Members", "Exported", "Who"], rows, right=(1, 2))


def _loaded(connection: Connection, channel: str) -> Table:
    """One line per table; checks and waiting records stand with their entity's first table."""
    checked = _by_entity(connection, _CHECKED, channel)
    waiting = _by_entity(connection, _WAITING, channel)
    complete = _by_entity(connection, _COMPLETE, channel)
    rows = []
    for entity in ENTITIES:
        facts = checked.get(entity.name, (0, 0, 0))
        ops = [f"{facts[1]:,}", f"{facts[2]:,}", f"{waiting.get(entity.name, (0,))[0]:,}"]
        ops.append(str(complete.get(entity.name, ("not yet",))[0]))
        for table in entity.tables:
            rows.append([f"crm.{table.name}", f"{_count(connection, table.name, channel):,}", *ops])
            ops = ["", "", "", ""]
    people = [(f"crm.{one.name}", f"{_count(connection, one.name, channel):,}") for one in IDENTITY_TABLES]
    rows += [[*person, "", "", "", ""] for person in people]
    heads = ["Table", "Rows", "Checks run", "Warnings", "Quarantined", "Complete until"]
    return _table("What was loaded and checked", heads, rows, right=range(1, 6))


def _by_entity(connection: Connection, statement: str, channel: str) -> dict[str, tuple[Any, ...]]:
    return {row[0]: tuple(row[1:]) for row in connection.execute(text(statement), {"channel": channel})}


def _count(connection: Connection, table: str, channel: str) -> int:
    known = {t.name for t in (*tables(), *IDENTITY_TABLES)}
    if table not in known:
        raise ValueError(table)
    counted = f'select count(*) from crm."{table}" where channel_code = :channel and deleted_at is null'  # noqa: S608
    return int(connection.execute(text(counted), {"channel": channel}).scalar_one())


def _table(
    title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], *, right: Container[int]
) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="", box=box.SIMPLE)
    for number, head in enumerate(heads):
        table.add_column(head, justify="right" if number in right else "left")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    return table


def _print_file(connection: Connection, export_url: str, screen: Console) -> None:
    row = connection.execute(text(_FILE)).one_or_none()
    if row is None:
        return
    screen.print()
    path = Path(export_url.removeprefix("file://")) / row.segment_name / row.file_name
    if not path.is_file():
        screen.print(f"Segment file: {export_url}/{row.segment_name}/{row.file_name}, {row.row_count} rows")
        return
    screen.print(f"Segment file {path} with {row.row_count} rows; it begins:", soft_wrap=True)
    with path.open(encoding="utf-8-sig") as file:
        screen.print("".join(islice(file, FILE_LINES)), markup=False, soft_wrap=True)
