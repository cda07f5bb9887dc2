from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from include.errors import ConfigError, DataError
from include.segments.export import export_segment
from include.segments.loading import SEGMENTS_FOLDER, Segment, get_segment
from tests.segments.refreshing import refresh_with_reports
from tests.sql.sample_warehouse import add_rows, rows_of

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
STEM = "repeat_customers-20261122T060000Z"


@pytest.fixture
def repeat_customers() -> Segment:
    return get_segment("repeat_customers")


@pytest.fixture
def shop(warehouse: Engine) -> Engine:
    add_rows(warehouse, {"ops.channels": [{"channel_code": "main"}]})
    return warehouse


def add_member(engine: Engine, number: int, **person: Any) -> None:
    orders = [
        {"order_key": f"main:{number}{n}", "customer_key": f"main:{number}", "base_currency_code": "EUR"}
        for n in "12"
    ]
    email = person.get("email")
    entry = {"newsletter_subscriber_key": f"main:{number}", "email_normalised": email, "status": "subscribed"}
    customer = {"customer_key": f"main:{number}", "email_normalised": email, **person}
    given = {"crm.customers": [customer], "crm.orders": orders, "crm.newsletter_subscribers": [entry]}
    add_rows(engine, given)


def touch(engine: Engine, number: int) -> None:
    add_rows(engine, {"ops.touched": [{"subject": "customer", "touched_key": f"main:{number}"}]})


def exported(engine: Engine, segment: Segment, root: Path) -> tuple[list[dict[str, str]], dict[str, Any]]:
    refresh_with_reports(engine, segment, now=NOW)
    export_segment(engine, segment, root, now=NOW)
    text = (root / segment.name / f"{STEM}.csv").read_bytes().decode("utf-8")
    manifest = json.loads((root / segment.name / f"{STEM}.manifest.json").read_text("utf-8"))
    return list(csv.DictReader(io.StringIO(text, newline=""))), manifest


def test_file_holds_what_spreadsheets_and_tools_read_unchanged(
    shop: Engine, repeat_customers: Segment, tmp_path: Path
) -> None:
    add_member(shop, 2, email="zoë@example.com", first_name='Zoë "Z", jr', last_name="Łódź\nnew line")
    add_member(shop, 1, email="a@example.com", first_name=None)

    rows, _ = exported(shop, repeat_customers, tmp_path)

    assert [row["account_key"] for row in rows] == ["main:1", "main:2"]
    assert rows[1]["first_name"] == 'Zoë "Z", jr'
    assert rows[1]["last_name"] == "Łódź\nnew line"
    assert (rows[0]["first_name"], rows[0]["order_count"], rows[0]["lifetime_amount"]) == ("", "2", "0.0000")
    written = (tmp_path / "repeat_customers" / f"{STEM}.csv").read_bytes()
    assert written.startswith(
        b"channel_code,account_key,email,first_name,last_name,order_count,first_order_date,"
    )
    assert written.count(b"\r\n") == 3


def test_manifest_describes_the_file(shop: Engine, repeat_customers: Segment, tmp_path: Path) -> None:
    frontiers = [
        {"channel_code": "main", "entity": entity, "frontier_at": NOW, "initial_done_at": NOW}
        for entity in sorted(repeat_customers.table.entities)
    ]
    add_rows(shop, {"ops.frontiers": frontiers})
    add_member(shop, 1, email="a@example.com")

    _, manifest = exported(shop, repeat_customers, tmp_path)

    written = (tmp_path / "repeat_customers" / f"{STEM}.csv").read_bytes()
    assert manifest["sha256"] == hashlib.sha256(written).hexdigest()
    assert (manifest["rows"], manifest["bytes"], manifest["file"]) == (1, len(written), f"{STEM}.csv")
    assert manifest["complete_until"] == {"main": "2026-11-22T06:00:00+00:00"}
    assert (manifest["consent"], manifest["parameters"]) == ("newsletter", {"minimum_order_count": 2})
    assert [c["name"] for c in manifest["columns"] if c["is_personal"]] == [
        "email",
        "first_name",
        "last_name",
    ]
    [kept] = rows_of(shop, "select * from marketing.exports")
    assert (kept["file_name"], kept["sha256"], kept["row_count"]) == (f"{STEM}.csv", manifest["sha256"], 1)
    assert "a@example.com" not in json.dumps(manifest)


def test_empty_segment_still_has_its_header(shop: Engine, repeat_customers: Segment, tmp_path: Path) -> None:
    rows, manifest = exported(shop, repeat_customers, tmp_path)

    assert (rows, manifest["rows"]) == ([], 0)
    assert (
        (tmp_path / "repeat_customers" / f"{STEM}.csv")
        .read_text()
        .startswith("channel_code,account_key,email")
    )


def test_formulas_typed_into_the_shop_do_not_run(
    shop: Engine, repeat_customers: Segment, tmp_path: Path
) -> None:
    add_member(shop, 1, email="=cmd|' /C calc'!A0@example.com", first_name="@SUM(1)", last_name="-2+3+cmd")

    [row], manifest = exported(shop, repeat_customers, tmp_path)

    assert row["email"].startswith("'=")
    assert (row["first_name"], row["last_name"]) == ("'@SUM(1)", "'-2+3+cmd")
    assert manifest["neutralised_cells"] == 3


def test_files_are_private_and_nothing_unfinished_is_left(
    shop: Engine, repeat_customers: Segment, tmp_path: Path
) -> None:
    exported(shop, repeat_customers, tmp_path / "exports")
    folder = tmp_path / "exports" / "repeat_customers"

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {
        f"{STEM}.csv": 0o600,
        f"{STEM}.manifest.json": 0o600,
        "latest.json": 0o600,
    }


def test_same_instant_again_replaces_the_file(
    shop: Engine, repeat_customers: Segment, tmp_path: Path
) -> None:
    exported(shop, repeat_customers, tmp_path)
    add_member(shop, 1, email="a@example.com")
    touch(shop, 1)
    rows, manifest = exported(shop, repeat_customers, tmp_path)

    assert [row["account_key"] for row in rows] == ["main:1"]
    [kept] = rows_of(shop, "select * from marketing.exports")
    assert (kept["row_count"], kept["sha256"]) == (1, manifest["sha256"])


def test_interrupted_export_publishes_nothing(
    shop: Engine, repeat_customers: Segment, tmp_path: Path
) -> None:
    refresh_with_reports(shop, repeat_customers, now=NOW)
    (tmp_path / "repeat_customers").mkdir()
    (tmp_path / "repeat_customers" / f"{STEM}.manifest.json").mkdir()  # what the last step cannot replace

    with pytest.raises(ConfigError, match="cannot be written"):
        export_segment(shop, repeat_customers, tmp_path, now=NOW)

    assert not list((tmp_path / "repeat_customers").glob(".*"))
    assert rows_of(shop, "select from marketing.exports") == []


def test_unwritable_root_is_named_with_the_mend(
    shop: Engine, repeat_customers: Segment, tmp_path: Path
) -> None:
    refresh_with_reports(shop, repeat_customers, now=NOW)
    blocked = tmp_path / "a_file"
    blocked.write_text("")

    with pytest.raises(ConfigError, match="set CRM_EXPORT_URL to another place"):
        export_segment(shop, repeat_customers, blocked, now=NOW)


def test_segment_that_was_never_refreshed_is_not_exported(
    shop: Engine, repeat_customers: Segment, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="refresh it first"):
        export_segment(shop, repeat_customers, tmp_path, now=NOW)


def test_unexpected_size_writes_no_file(shop: Engine, tmp_path: Path) -> None:
    folder = shutil.copytree(SEGMENTS_FOLDER / "repeat_customers", tmp_path / "sql" / "repeat_customers")
    contract = folder / "segment.yml"
    contract.write_text(contract.read_text().replace("minimum: 0", "minimum: 1"))
    segment = get_segment("repeat_customers", tmp_path / "sql")
    refresh_with_reports(shop, segment, now=NOW)

    with pytest.raises(DataError, match="has 0 members and 1 to 10000000 are expected"):
        export_segment(shop, segment, tmp_path, now=NOW)

    assert not (tmp_path / "repeat_customers").exists()


def test_object_storage_path_on_a_local_disk_is_as_private(
    shop: Engine, repeat_customers: Segment, tmp_path: Path
) -> None:
    upath = pytest.importorskip("upath")
    add_member(shop, 1, email="a@example.com")
    refresh_with_reports(shop, repeat_customers, now=NOW)

    export_segment(shop, repeat_customers, upath.UPath(f"file://{tmp_path}/exports"), now=NOW)

    file = tmp_path / "exports" / "repeat_customers" / f"{STEM}.csv"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_object_store_gets_the_same_bytes(shop: Engine, repeat_customers: Segment, tmp_path: Path) -> None:
    upath = pytest.importorskip("upath")
    add_member(shop, 1, email="a@example.com")
    refresh_with_reports(shop, repeat_customers, now=NOW)
    export_segment(shop, repeat_customers, tmp_path, now=NOW)

    stored = export_segment(shop, repeat_customers, upath.UPath("memory://bucket/exports"), now=NOW)

    with stored.file.open("rb") as file:
        assert file.read() == (tmp_path / "repeat_customers" / f"{STEM}.csv").read_bytes()
    assert sorted(
        path.name for path in upath.UPath("memory://bucket/exports/repeat_customers").iterdir()
    ) == [
        "latest.json",
        f"{STEM}.csv",
        f"{STEM}.manifest.json",
    ]
