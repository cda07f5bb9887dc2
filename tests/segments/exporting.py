"""A small shop with a segment of its registered customers, exported to a folder: what tests of exports stand on."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, text

from include.identity.guest_keys import GuestKeys
from include.segments.export import Export, Exporter
from include.segments.loading import Segment, get_segment
from include.segments.private_file import FilePath
from include.segments.refresh import refresh_segment
from include.suppressions.probe import suppressed
from include.suppressions.tables import REASONS
from tests.sql.sample_warehouse import add_rows

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
KEYS = GuestKeys(b"secret")
CONTRACT: dict[str, Any] = {
    "title": "Everybody",
    "description": "Everybody who registered.",
    "why": "To be exported.",
    "grain": "One row per channel and account",
    "addresses": "account",
    "owner": "crm_marketing",
    "expected_size": {"minimum": 0, "maximum": 1000},
    "key": ["channel_code", "account_key"],
    "inputs": ["customers"],
    "personal_columns": ["email", "first_name", "last_name"],
    "profiles": ["generic_csv"],
    "refresh": {"incremental": False, "reason": "It is small."},
    "columns": [
        {"name": "channel_code", "kind": "text", "meaning": "The shop."},
        {"name": "account_key", "kind": "key", "meaning": "The account."},
        {"name": "number_length", "kind": "integer", "meaning": "An own column.", "null": "not known"},
    ],
}
MEMBERS = """\
-- grain: one row per channel and account
-- time zone: none
-- currency: none
select
    channel_code,
    coalesce(account_key, customer_key) as account_key,
    length(tax_number) as number_length
from crm.customers
where deleted_at is null and not is_guest
"""


def make_segment(name: str = "everybody", members: str = MEMBERS, **contract: Any) -> Segment:
    """A segment with some of its contract changed, or of other people."""
    return _made(name, members, json.dumps({**CONTRACT, **contract}))


@cache
def _made(name: str, members: str, contract: str) -> Segment:
    """Loading looks at every report, which takes longer than the test."""
    with TemporaryDirectory() as folder:
        made = Path(folder) / name
        made.mkdir()
        (made / "segment.yml").write_text(contract, encoding="utf-8")
        (made / "members.sql").write_text(members, encoding="utf-8")
        return get_segment(name, Path(folder))


def add_person(
    engine: Engine, number: int, email: str | None, status: str | None = "subscribed", **known: Any
) -> None:
    """A registered customer, with an entry on the newsletter list unless `status` is None."""
    normalised = email.strip().lower() if email else None
    channel = known.pop("channel", "main")
    customer = {
        "customer_key": f"{channel}:{number}",
        "email": email,
        "email_normalised": normalised,
        "is_guest": False,
        **known,
    }
    given: dict[str, Any] = {"crm.customers": [customer]}
    if status:
        entry = {"newsletter_subscriber_key": f"{channel}:{number}", "status": status}
        given["crm.newsletter_subscribers"] = [
            {**entry, "email_normalised": normalised, "source_updated_at": NOW}
        ]
    add_rows(engine, given)


def change(engine: Engine, statement: str, **values: Any) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement), values)


@dataclass
class Shop:
    """Exports on a clock that goes on by itself."""

    engine: Engine
    root: FilePath
    stopped: set[str] = field(default_factory=set)
    at: datetime = NOW

    def export(self, segment: Segment, *, may_go: bool = False) -> tuple[Export, ...]:
        """Refresh and export; a quarter of an hour passes."""
        refresh_segment(self.engine, segment, now=self.at)
        exporter = Exporter(engine=self.engine, root=self.root, keys=KEYS, suppressed=self._suppressed)
        exports = exporter.export(segment, now=self.at, may_go=lambda size: may_go)
        self.at += QUARTER
        return exports

    def suppress(self, email: str) -> None:
        self.stopped.add(KEYS.email_hash(email))

    def _suppressed(
        self, connection: Any, hashes: Any, channel: str, *, reasons: Collection[str] = REASONS
    ) -> set[str]:
        return self.stopped.intersection(hashes) | suppressed(connection, hashes, channel, reasons=reasons)


def content(path: FilePath) -> bytes:
    with path.open("rb") as file:
        return bytes(file.read())


def read(path: FilePath) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(path).decode(), newline="")))


def rows(export: Export, kind: str = "full") -> list[dict[str, str]]:
    """The rows of all parts of a kind."""
    return [row for file in export.files if file.kind == kind for row in read(export.folder / file.name)]


def manifest(export: Export) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(content(export.manifest))
    return told


def emails(export: Export, kind: str = "full") -> list[str]:
    """Who is in the files, by the platform's address column."""
    return [row.get("email") or row.get("Email") or row["Email Address"] for row in rows(export, kind)]
