"""Exports: peak memory of 10,000 rows against 1,000,000, and time per profile against a bare COPY of the same rows.

The COPY is the query that an export reads, written by the server; an export also asks for suppressions, cleans and
hashes values, keeps one row per person, and writes who is in the file. Everybody in the warehouse consented, so that
what is measured is rows that are written. Each export runs in a process of its own, without a file before it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, text

from benchmarks.measure import Measured, Report
from benchmarks.warehouse import fresh_warehouse, running_server, settle
from include.segments.loading import get_segment
from include.segments.refresh import refresh_segment
from include.settings import PROJECT_ROOT
from include.warehouse.engine import open_engine

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
MEMORY_BOUND = 1.2
PROFILES = ("generic_csv", "klaviyo", "google_customer_match")
_MADE = (
    """
    insert into ops.channels (channel_code, channel_name, kind, timezone, reporting_currency_code, is_active,
        updated_at)
    values ('bench', 'Bench', 'magento1', 'Europe/Berlin', 'EUR', true, now())
    """,
    """
    insert into crm.customers (customer_key, channel_code, customer_id, is_guest, email, email_normalised, first_name,
        last_name, birth_date, first_seen_at, changed_at)
    select 'bench:' || n, 'bench', n, false, n || '@Example.com', n || '@example.com', 'Zoë ' || n, 'O''Brien',
        date '1960-01-01' + n % 15000, now(), now()
    from generate_series(1, :people) as n
    """,
    """
    insert into crm.customer_addresses (customer_address_key, channel_code, customer_key, customer_id, telephone,
        street, city, region, postcode, country_code, is_default_billing, first_seen_at, changed_at)
    select 'bench:' || n, 'bench', 'bench:' || n, n, '030 ' || 1000000 + n, 'Hauptstraße ' || n, 'Köln', 'NRW', '50667',
        'DE', true, now(), now()
    from generate_series(1, :people) as n
    """,
    """
    insert into crm.newsletter_subscribers (newsletter_subscriber_key, channel_code, newsletter_subscriber_id,
        customer_key, email, email_normalised, status, source_updated_at, first_seen_at, changed_at)
    select 'bench:' || n, 'bench', n, 'bench:' || n, n || '@example.com', n || '@example.com', 'subscribed', now(),
        now(), now()
    from generate_series(1, :people) as n
    """,
)
_CONTRACT: dict[str, Any] = {
    "title": "Everybody",
    "description": "Everybody.",
    "why": "To be measured.",
    "grain": "One row per channel and account",
    "addresses": "account",
    "owner": "crm_marketing",
    "expected_size": {"minimum": 0, "maximum": 100_000_000},
    "key": ["channel_code", "account_key"],
    "inputs": ["customers"],
    "personal_columns": [
        "email",
        "first_name",
        "last_name",
        "birth_date",
        "phone",
        "street",
        "city",
        "region",
        "postcode",
        "country_code",
    ],
    "refresh": {"incremental": False, "reason": "It is made once."},
    "columns": [
        {"name": "channel_code", "kind": "text", "meaning": "The shop."},
        {"name": "account_key", "kind": "key", "meaning": "The account."},
        {"name": "order_count", "kind": "integer", "meaning": "An own column."},
    ],
}
_MEMBERS = """\
-- grain: one row per channel and account
-- time zone: none
-- currency: none
select channel_code, customer_key as account_key, 3::bigint as order_count
from crm.customers
where customer_id <= {size}
"""


def run(*, small: int = 10_000, large: int = 1_000_000) -> Report:
    """Make a warehouse of `large` people and export some and all of them."""
    sizes = {f"{size}_{profile}": (size, profile) for size in (small, large) for profile in PROFILES}
    with (
        tempfile.TemporaryDirectory(prefix="crm-bench-") as temporary,
        running_server() as server,
        fresh_warehouse(server, "bench_export") as url,
    ):
        folder = Path(temporary)
        _make(url, folder, large, {f"of_{name}": value for name, value in sizes.items()})
        copy = _once("copy", url, f"of_{large}_{PROFILES[0]}", folder)
        exports = {value: _once("export", url, f"of_{name}", folder) for name, value in sizes.items()}
    return _report(small, large, copy, exports)


def _make(url: URL, folder: Path, people: int, segments: dict[str, tuple[int, str]]) -> None:
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            for statement in _MADE:
                connection.execute(text(statement), {"people": people} if ":people" in statement else {})
        settle(url)
        for name, (size, profile) in segments.items():
            made = folder / "sql" / name
            made.mkdir(parents=True)
            (made / "segment.yml").write_text(json.dumps({**_CONTRACT, "profiles": [profile]}))
            (made / "members.sql").write_text(_MEMBERS.format(size=size))
            refresh_segment(engine, get_segment(name, folder / "sql"), now=NOW)
    finally:
        engine.dispose()
    settle(url)


def _once(work: str, url: URL, segment: str, folder: Path) -> dict[str, Any]:
    address = url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "benchmarks.export_once", work, address, segment, str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT_ROOT)}
    answer = subprocess.run(
        command, env=environment, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False
    )
    if answer.returncode:
        raise RuntimeError(f"The export failed:\n{answer.stderr[-2000:]}")
    result: dict[str, Any] = json.loads(answer.stdout)
    return result


def _report(
    small: int, large: int, copy: dict[str, Any], exports: dict[tuple[int, str], dict[str, Any]]
) -> Report:
    found = Report(f"Exports: {large:,} people, against {small:,} of them and against a bare COPY")
    for profile in PROFILES:
        few, all_ = exports[small, profile], exports[large, profile]
        memory = {"value": all_["peak"], "baseline": few["peak"], "unit": "MB", "bound": MEMORY_BOUND}
        found.lines.append(Measured(name=f"{profile}: peak memory", **memory))
    for what, title in (("seconds", "a million rows"), ("processor", "a million rows, processor time")):
        for profile in PROFILES:
            value, baseline = (each[what] * 1_000_000 / large for each in (exports[large, profile], copy))
            found.lines.append(Measured(name=f"{profile}: {title}", value=value, baseline=baseline))
    rows = {exports[large, profile]["rows"] for profile in PROFILES} | {copy["rows"]}
    found.notes.append(f"Rows written by each: {', '.join(f'{count:,}' for count in sorted(rows))}.")
    found.notes.append("Processor time is that of the exporting process and its PostgreSQL backend together.")
    found.notes.append("klaviyo and google_customer_match read every telephone number with `phonenumbers`.")
    return found
