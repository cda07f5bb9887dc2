"""`make report`: any report as a readable table with its definition; without a name, the list of them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy import Connection, exc, func, select

from include.entities.fields import Kind
from include.errors import ConfigError, SyncError
from include.reports.columns import ColumnContract
from include.reports.loading import Report, get_report, load_reports
from include.reports.tables import COMPLETE_UNTIL
from include.settings import Settings
from include.warehouse.engine import open_engine, warehouse_url

ROWS = 20
LEAST_WIDTH = 112
"""Columns: what goes to a file or a narrow terminal is better wrapped by its reader than cut by us."""
_PADDING = 3
_NUMBERS = frozenset({Kind.INTEGER, Kind.AMOUNT, Kind.QUANTITY, Kind.RATE, Kind.PERCENT})


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry of the command line; 0 when it was printed."""
    chosen = _parser().parse_args(arguments)
    screen = Console(highlight=False, width=max(Console().width, LEAST_WIDTH))
    try:
        if chosen.name is None:
            print_list(screen)
        else:
            print_report(screen, get_report(chosen.name), rows=chosen.rows, environ=os.environ)
    except SyncError as error:
        sys.stderr.write(f"make report: {error.summary}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make report", description=__doc__)
    parser.add_argument("name", nargs="?", help="name of the report, as of its folder in sql/reports")
    parser.add_argument("--rows", type=int, default=ROWS, help=f"how many rows to print, {ROWS} by default")
    return parser


def print_list(screen: Console) -> None:
    """The reports, each with the question it answers."""
    table = Table(box=box.SIMPLE, header_style="")
    for head in ("NAME=", "Area", "Question"):
        table.add_column(head, no_wrap=head != "Question")
    for name, report in sorted(load_reports().reports.items()):
        table.add_row(name, report.contract.area, report.contract.question)
    screen.print(table)


def print_report(screen: Console, report: Report, *, rows: int, environ: Any) -> None:
    """Definition, how far it is complete, and rows.

    Raises:
        ConfigError: it was never refreshed, or the warehouse cannot be reached.
    """
    url = warehouse_url(environ.get("AIRFLOW_CONN_CRM_WAREHOUSE"), Settings.from_environment(environ))
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            found = _read(connection, report, rows)
            complete = _complete(connection, report)
    except exc.ProgrammingError:
        raise ConfigError(f"report.{report.name} was never refreshed: run `make run` first.") from None
    finally:
        engine.dispose()
    _print_definition(screen, report)
    for table in tables_that_fit(report.contract.columns, report.contract.key, found[1:], screen.width):
        screen.print(table)
    more = f"{len(found) - 1:,} of {found[0]:,} rows" if found[0] > rows else f"{found[0]:,} rows"
    screen.print(Text(f"{more}. {complete}"))


def _read(connection: Connection, report: Report, rows: int) -> list[Any]:
    """How many there are, and the last of them by key."""
    table = report.table.sql_table()
    key = [table.c[name].desc().nulls_last() for name in _order(report)]
    total = connection.execute(select(func.count()).select_from(table)).scalar_one()
    return [total, *connection.execute(select(table).order_by(*key).limit(rows)).all()]


def _order(report: Report) -> list[str]:
    """The newest first: days and instants of the key before its other columns."""
    kinds = {column.name: column.kind for column in report.contract.columns}
    return sorted(report.contract.key, key=lambda name: kinds[name] not in (Kind.DAY, Kind.INSTANT))


def _complete(connection: Connection, report: Report) -> str:
    shown = select(COMPLETE_UNTIL).where(COMPLETE_UNTIL.c.report_name == report.name)
    each = [
        f"{row.channel_code} until {to_cell(row.complete_until) if row.complete_until else 'not yet'}"
        for row in connection.execute(shown.order_by(COMPLETE_UNTIL.c.channel_code))
    ]
    return f"Complete: {', '.join(each) or 'for no channel'}."


def _print_definition(screen: Console, report: Report) -> None:
    contract = report.contract
    screen.print(Text(f"report.{report.name}: {contract.title}", style="bold"))
    screen.print(Text(f"{contract.question}\n{contract.grain.rstrip('.')}."))
    screen.print(meanings(contract.columns))


def meanings(columns: Sequence[ColumnContract]) -> Table:
    """The columns with what they mean."""
    table = Table(box=box.SIMPLE, header_style="")
    table.add_column("Column", no_wrap=True)
    table.add_column("Meaning")
    for column in columns:
        table.add_row(column.name, Text(column.comment))
    return table


def tables_that_fit(
    columns: Sequence[ColumnContract], key: Sequence[str], rows: Sequence[Sequence[Any]], width: int
) -> Iterator[Table]:
    """The rows as tables that fit: the columns of the key stand in each, the others follow where there is room."""
    shown = [_Shown(c, [to_cell(row[place], c.kind) for row in rows]) for place, c in enumerate(columns)]
    in_key = [column for column in shown if column.name in key]
    block = list(in_key)
    for column in (column for column in shown if column not in in_key):
        if len(block) > len(in_key) and sum(one.width for one in [*block, column]) > width:
            yield _block(block, len(rows))
            block = list(in_key)
        block.append(column)
    yield _block(block, len(rows))


class _Shown:
    """A column with its cells; its name is broken at underscores, since names are longer than most values."""

    def __init__(self, column: ColumnContract, cells: Sequence[str]) -> None:
        self.name = column.name
        self.head = column.name.replace("_", "_\n")
        self.cells = cells
        self.justify: Literal["left", "right"] = "right" if column.kind in _NUMBERS else "left"
        self.width = max(map(len, [*self.head.split("\n"), *cells])) + _PADDING


def _block(columns: Sequence[_Shown], row_count: int) -> Table:
    table = Table(box=box.SIMPLE, header_style="")
    for column in columns:
        table.add_column(column.head, justify=column.justify, no_wrap=True)
    for place in range(row_count):
        table.add_row(*(Text(column.cells[place]) for column in columns))
    return table


def to_cell(value: Any, kind: Kind | None = None) -> str:
    """A value as people read it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, Decimal):
        return _rate(value) if kind is Kind.RATE else f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _rate(value: Decimal) -> str:
    """Four places, or as many as it takes to show something: shares of all orders are small."""
    places = max(4, 1 - value.adjusted()) if value else 4
    return f"{value:,.{places}f}"


if __name__ == "__main__":
    sys.exit(main())
