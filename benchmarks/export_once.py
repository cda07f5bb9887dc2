"""One export in a process of its own, so that its peak memory is its own: `python -m benchmarks.export_once ...`.

Prints JSON: seconds by the clock and of processors, the process's peak resident memory in MB, and the rows written.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import psutil
import sqlalchemy
from sqlalchemy import Engine

from benchmarks.load_once import peak_megabytes, processor_seconds
from include.identity.guest_keys import GuestKeys
from include.segments.export import Exporter
from include.segments.loading import Segment, get_segment
from include.segments.member_stream import members_query
from include.warehouse.engine import open_engine

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def main(arguments: list[str] | None = None) -> int:
    """Entry of the subprocess."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", choices=("copy", "export"))
    parser.add_argument("url")
    parser.add_argument("segment", help="which of the benchmark's segments")
    parser.add_argument("folder", type=Path, help="where its definition is below sql/, and files go")
    chosen = parser.parse_args(arguments)
    engine = open_engine(sqlalchemy.make_url(chosen.url))
    segment = get_segment(chosen.segment, chosen.folder / "sql")
    with engine.connect() as connection:
        backend = psutil.Process(connection.execute(sqlalchemy.text("select pg_backend_pid()")).scalar_one())
    used, started = processor_seconds(backend), perf_counter()
    rows = (_copy if chosen.work == "copy" else _export)(engine, segment, chosen.folder)
    seconds, processor = perf_counter() - started, processor_seconds(backend) - used
    result = {"seconds": seconds, "processor": processor, "rows": rows, "peak": peak_megabytes()}
    json.dump(result, sys.stdout)
    return 0


def _export(engine: Engine, segment: Segment, folder: Path) -> int:
    exporter = Exporter(engine=engine, root=folder / "exports", keys=GuestKeys(b"bench"))
    [export] = exporter.export(segment, now=NOW)
    assert export.is_new
    return export.row_count


def _copy(engine: Engine, segment: Segment, folder: Path) -> int:
    """The same rows, joined and in the same order, as the server writes them."""
    query = members_query(segment, "bench").compile(engine, compile_kwargs={"literal_binds": True})
    connection = engine.raw_connection()
    try:
        with connection.cursor() as cursor, (folder / "copy.csv").open("wb") as file:
            with cursor.copy(f"copy ({query}) to stdout (format csv, header)") as copy:  # type: ignore[attr-defined]
                for piece in copy:
                    file.write(piece)
            return int(cursor.rowcount)
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
