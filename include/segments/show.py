"""`make segment`: who is in a segment, in words, how many, and a few of them with masked names; without one, the list.

Nothing personal is printed: of a name its first letter, of an address that and its ending.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy import Connection, Row, and_, exc, select, true

from include.entities.fields import Kind
from include.errors import ConfigError, SyncError
from include.reports.columns import ColumnContract
from include.reports.show import LEAST_WIDTH, meanings, tables_that_fit, to_cell
from include.segments.loading import Segment, get_segment, load_segments
from include.segments.model import SegmentContract
from include.segments.recipients import RECIPIENT_COLUMNS, recipients_table
from include.segments.tables import SEGMENT_SIZES
from include.settings import Settings
from include.warehouse.engine import open_engine, warehouse_url

ROWS = 10
SIZES = 10
_CONSENT = {
    "newsletter": "Only those leave with a file who are subscribed to the newsletter of the shop.",
    "none": "Everybody leaves with a file, asked or not:",
    "never_exported": "Nobody leaves with a file.",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry of the command line; 0 when it was printed."""
    parser = argparse.ArgumentParser(prog="make segment", description=__doc__)
    parser.add_argument("name", nargs="?", help="name of the segment, as of its folder in sql/segments")
    parser.add_argument(
        "--rows", type=int, default=ROWS, help=f"how many members to print, {ROWS} by default"
    )
    chosen = parser.parse_args(arguments)
    screen = Console(highlight=False, width=max(Console().width, LEAST_WIDTH))
    try:
        if chosen.name is None:
            print_list(screen)
        else:
            print_segment(screen, get_segment(chosen.name), rows=chosen.rows, environ=os.environ)
    except SyncError as error:
        sys.stderr.write(f"make segment: {error.summary}\n")
        return 1
    return 0


def print_list(screen: Console) -> None:
    """The segments, each with who is in it; then the folders that are refused."""
    found = load_segments()
    table = Table(box=box.SIMPLE, header_style="")
    for head in ("NAME=", "Members", "Who"):
        table.add_column(head, no_wrap=head != "Who")
    for name, segment in found.segments.items():
        table.add_row(name, f"{segment.contract.addresses}s", segment.contract.description)
    screen.print(table)
    for refusal in found.refused:
        screen.print(Text(refusal.sentence))


def print_segment(screen: Console, segment: Segment, *, rows: int, environ: Mapping[str, str]) -> None:
    """Definition, sizes over time, and members with masked names.

    Raises:
        ConfigError: it was never refreshed, or the warehouse cannot be reached.
    """
    url = warehouse_url(environ.get("AIRFLOW_CONN_CRM_WAREHOUSE"), Settings.from_environment(environ))
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            sizes, members = _sizes(connection, segment), _members(connection, segment, rows)
    except exc.ProgrammingError:
        raise ConfigError(f"Segment {segment.name} was never refreshed: run `make run` first.") from None
    finally:
        engine.dispose()
    _print_definition(screen, segment)
    screen.print(_table_of_sizes(sizes))
    personal = [_column(name) for name in segment.contract.personal_columns]
    columns = [*segment.contract.columns, *personal]
    for table in tables_that_fit(columns, segment.contract.key, members, screen.width):
        screen.print(table)
    screen.print(Text(f"{len(members):,} members as a sample, names and addresses masked."))


def masked(value: object) -> str | None:
    """What may be printed of a personal value: its first letter; of an address that and its ending."""
    if value is None:
        return None
    name, at, domain = str(value).partition("@")
    return f"{name[:1]}***" + (f"@***.{domain.rpartition('.')[2]}" if at else "")


def _sizes(connection: Connection, segment: Segment) -> Sequence[Row[Any]]:
    sizes = SEGMENT_SIZES.c
    newest = select(SEGMENT_SIZES).where(sizes.segment_name == segment.name).limit(SIZES)
    return connection.execute(newest.order_by(sizes.measured_at.desc(), sizes.channel_code)).all()


def _members(connection: Connection, segment: Segment, rows: int) -> list[list[Any]]:
    """The first by key, with what a file would hold of them, masked."""
    contract, table = segment.contract, segment.table.sql_table()
    key = table.c[contract.member_key]
    some = select(table).order_by(table.c.channel_code, key).limit(rows).subquery()
    view = recipients_table(contract.member)
    same = and_(view.c.channel_code == some.c.channel_code, view.c.member_key == some.c[contract.member_key])
    # OFFSET keeps the view apart, so that it is asked for these members alone.
    theirs = select(view).where(same).correlate(some).offset(0).lateral("theirs")
    own = [some.c[column.name] for column in contract.columns]
    personal = [theirs.c[name] for name in contract.personal_columns]
    found = select(*own, *personal).select_from(some.outerjoin(theirs, true()))
    ordered = found.order_by(some.c.channel_code, some.c[contract.member_key])
    return [
        [
            *row[: len(own)],
            *(_shown(name, row[len(own) + n]) for n, name in enumerate(contract.personal_columns)),
        ]
        for row in connection.execute(ordered)
    ]


def _shown(name: str, value: object) -> object:
    return masked(value) if RECIPIENT_COLUMNS[name].is_personal else value


def _column(name: str) -> ColumnContract:
    """Any text is shown as it is, so the kind does not matter."""
    return ColumnContract(name=name, kind=Kind.TEXT, meaning=RECIPIENT_COLUMNS[name].meaning)


def _print_definition(screen: Console, segment: Segment) -> None:
    contract = segment.contract
    screen.print(Text(f"marketing.{segment.name}: {contract.title}", style="bold"))
    screen.print(Text(f"{contract.description}\n{contract.why}"))
    table = Table(box=box.SIMPLE, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column()
    for head, words in _in_words(contract):
        table.add_row(head, Text(words))
    screen.print(table)
    screen.print(meanings(contract.columns))


def _in_words(contract: SegmentContract) -> Iterator[tuple[str, str]]:
    yield "Members", f"{contract.grain.rstrip('.')}."
    yield "Channels", ", ".join(contract.channels) or "every active one"
    for parameter in contract.parameters:
        yield f"Setting {parameter.name}", f"{contract.parameter_values[parameter.name]}. {parameter.meaning}"
    yield "Consent", " ".join(filter(None, (_CONSENT[contract.consent], contract.consent_reason)))
    if contract.is_exported:
        yield "Files", f"{', '.join(contract.profiles)}, to {', '.join(contract.destinations)}"
        yield "Personal data", ", ".join(contract.personal_columns) or "none"
        yield "Campaign code", contract.campaign_code or ""
        yield "Held out", f"{contract.hold_out_pct} of a hundred members"
    size = contract.expected_size
    yield "Expected size", f"{size.minimum:,} to {size.maximum:,}"
    if contract.is_exported:
        yield "Expected change", f"up to {contract.expected_change_pct} of a hundred rows since the last file"
    refresh = contract.refresh
    follows = f"those whom {', '.join(refresh.subjects)} touched" if refresh.incremental else None
    yield "Computed anew", follows or f"everybody: {refresh.reason}"
    yield "Reads", ", ".join(contract.input_tables)


def _table_of_sizes(sizes: Sequence[Row[Any]]) -> Table:
    table = Table(box=box.SIMPLE, header_style="")
    for head in ("Measured", "Channel", "Members", "Entered", "Left"):
        table.add_column(head, justify="left" if head in ("Measured", "Channel") else "right")
    for row in sizes:
        counts = (row.member_count, row.entered_count, row.left_count)
        table.add_row(to_cell(row.measured_at), row.channel_code, *(to_cell(count) for count in counts))
    return table


if __name__ == "__main__":
    sys.exit(main())
