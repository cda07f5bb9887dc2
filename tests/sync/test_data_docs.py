from __future__ import annotations

import re
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text

from include.entities.catalogue import entity as entity_named
from include.errors import ConfigError
from include.settings import PROJECT_ROOT, Settings
from include.sync.data_docs import write_data_docs
from include.sync.staging import FolderPath
from include.warehouse.ledger_tables import WINDOWS
from include.warehouse.ops_tables import CHANNELS, VALIDATION_RESULTS
from tests.sync import records
from tests.sync.shop import Shop

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
NUMBER = "order_number_is_present"
LINES = "order_has_lines"


class _Page(HTMLParser):
    """A page's visible text, its rows of cells, and every element with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.is_cell = False
        self.rows: list[list[str]] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self.is_cell = True

    def handle_endtag(self, tag: str) -> None:
        self.is_cell = self.is_cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self.is_cell:
            self.rows[-1][-1] = " ".join(f"{self.rows[-1][-1]} {data}".split())

    def row(self, word: str) -> list[str]:
        (found,) = (row for row in self.rows if any(word in cell.split() for cell in row))
        return found


def page_of(path: FolderPath | None) -> _Page:
    assert isinstance(path, Path)
    return _Page(path.read_text())


def checked(
    engine: Engine,
    *results: tuple[str, str, int, int, list[str]],
    run_id: str = "run",
    entity: str = "orders",
    channel: str = "us",
    state: str = "validated",
    started_at: datetime = NOW,
) -> int:
    """A window of a run with results on its orders: rule, severity, rows looked at, failed, keys."""
    with engine.begin() as connection:
        window_id: int = connection.execute(
            insert(WINDOWS)
            .values(
                channel_code=channel,
                entity=entity,
                kind="initial",
                state=state,
                run_id=run_id,
                started_at=started_at,
            )
            .returning(WINDOWS.c.window_id)
        ).scalar_one()
        for rule, severity, evaluated, failed, keys in results:
            connection.execute(
                insert(VALIDATION_RESULTS).values(
                    window_id=window_id,
                    table_name=entity,
                    rule=rule,
                    severity=severity,
                    is_success=not failed,
                    evaluated_count=evaluated,
                    failed_count=failed,
                    failed_keys_json=keys,
                    checked_at=started_at,
                )
            )
    return window_id


def write(
    engine: Engine, root: Path, run_id: str | None = None, *, entity: str = "orders"
) -> FolderPath | None:
    return write_data_docs(
        engine, root, channel_code="us", entity=entity_named(entity), run_id=run_id, now=NOW
    )


def test_a_page_sums_all_windows_of_the_run(database: Engine, tmp_path: Path) -> None:
    checked(database, (NUMBER, "warn", 1_500, 2, ["us:7", "us:8"]))
    checked(database, (NUMBER, "warn", 500, 1, ["us:9"]))
    checked(database, (NUMBER, "warn", 40, 40, ["us:1"]), run_id="other", started_at=NOW - timedelta(days=1))
    checked(database, (NUMBER, "warn", 50, 50, ["de:1"]), channel="de")
    row = page_of(write(database, tmp_path, "run")).row(NUMBER)
    assert row[0] == ""  # a word that the style sheet adds
    assert "An order has a number people see." in row[1]
    assert row[3:] == ["warn", "2,000", "3", NUMBER, "us:7 us:8 us:9"]


def test_without_a_run_the_latest_that_had_rows_is_shown(database: Engine, tmp_path: Path) -> None:
    checked(database, (NUMBER, "warn", 20, 0, []), run_id="new", started_at=NOW)
    checked(database, (NUMBER, "warn", 10, 0, []), run_id="old", started_at=NOW - timedelta(hours=1))
    checked(database, run_id="empty", started_at=NOW + timedelta(hours=1))
    assert page_of(write(database, tmp_path)).row(NUMBER)[4] == "20"


def test_at_most_twenty_keys_are_shown(database: Engine, tmp_path: Path) -> None:
    checked(database, (NUMBER, "warn", 99, 40, [f"us:{number:03d}" for number in range(15)]))
    checked(database, (NUMBER, "warn", 99, 40, [f"us:{number:03d}" for number in range(10, 40)]))
    row = page_of(write(database, tmp_path)).row(NUMBER)
    assert row[-1].split() == [f"us:{number:03d}" for number in range(20)]


def test_failed_checks_come_first(database: Engine, tmp_path: Path) -> None:
    checked(database, ("order_key_is_present", "reject", 9, 0, []), (NUMBER, "warn", 9, 1, ["us:1"]))
    rules = [row[6] for row in page_of(write(database, tmp_path)).rows if len(row) > 6]
    assert rules == ["Rule", NUMBER, "order_key_is_present"]


def test_what_a_store_put_into_an_id_stays_text(database: Engine, tmp_path: Path) -> None:
    key = "us:<script>alert('$success ${x} & {{ run }}')</script>"
    checked(database, (NUMBER, "warn", 9, 1, [key]), run_id="<em>run</em>")
    with database.begin() as connection:
        connection.execute(
            insert(CHANNELS).values(
                channel_code="us",
                channel_name="<em>US</em>",
                kind="magento1",
                timezone="UTC",
                reporting_currency_code="EUR",
                is_active=True,
                updated_at=NOW,
            )
        )
    page = write(database, tmp_path)
    assert page_of(page).row(NUMBER)[-1] == key
    for path in (tmp_path / "index.html", tmp_path / "us" / "orders.html"):
        html = path.read_text()
        assert "<script" not in html
        assert "<em>" not in html
    assert page_of(tmp_path / "index.html").row("us")[0] == "<em>US</em> us"


@pytest.fixture
def loaded(shop: Shop) -> Shop:
    """A run of three orders: one healthy, one with odd values, one that lost its lines."""
    odd = records.order(
        2, store_currency_code="Doubloons", customer_email="jane.doe@example.org", increment_id=None
    )
    shop.door.records = [records.order(1), odd, records.order(3, items=[])]
    windows = shop.plan("orders", run_id="run")
    for window in windows:
        shop.extraction("orders").window(window)
    shop.batch("orders", windows).validate()
    return shop


def test_pages_hold_keys_and_no_value(loaded: Shop, tmp_path: Path) -> None:
    path = write(loaded.engine, tmp_path, "run")
    page = page_of(path)
    assert page.row("store_currency_code_is_iso_4217")[3:] == [
        "warn", "3", "1", "store_currency_code_is_iso_4217", "us:2",
    ]  # fmt: skip
    assert page.row(LINES)[3:] == ["reject", "3", "1", LINES, "us:3"]
    assert page.row(NUMBER)[-1] == "us:2"
    html = (tmp_path / "us" / "orders.html").read_text() + (tmp_path / "index.html").read_text()
    for value in ("Doubloons", "jane.doe", "example.org", "ada@example.com", "Byron", "Mill Lane", "Mug"):
        assert value not in html


def test_every_table_that_had_rows_has_its_checks(loaded: Shop, tmp_path: Path) -> None:
    page = page_of(write(loaded.engine, tmp_path))
    shown = {cell for row in page.rows for cell in row}
    kept = loaded.rows("select distinct rule from ops.validation_results")
    assert kept
    assert set(kept) <= shown


def test_pages_load_nothing_and_run_nothing(database: Engine, tmp_path: Path) -> None:
    checked(database, (NUMBER, "warn", 9, 1, ["us:1"]), (LINES, "reject", 9, 0, []))
    write(database, tmp_path)
    for path in (tmp_path / "index.html", tmp_path / "us" / "orders.html"):
        html = path.read_text()
        page = _Page(html)
        assert not re.search(r"https?:|//[a-z]|url\(|@import", html)
        assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in page.elements}
        assert not [
            name for _, attributes in page.elements for name in attributes if name in ("src", "onclick")
        ]
        policies = [
            a.get("content") for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"
        ]
        assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_the_index_lists_every_channel_and_entity_with_its_outcome(database: Engine, tmp_path: Path) -> None:
    checked(database, (NUMBER, "warn", 9, 2, ["us:1"]), (LINES, "reject", 9, 1, ["us:2"]))
    checked(database, ("customer_key_is_present", "reject", 9, 0, []), entity="customers")
    checked(database, (NUMBER, "warn", 9, 2, ["de:1"]), channel="de")
    checked(database, (NUMBER, "fail", 9, 2, ["at:1"]), channel="at", state="failed")
    write(database, tmp_path)
    index = _Page((tmp_path / "index.html").read_text())
    assert [row[:3] for row in index.rows[1:]] == [
        ["at at", "orders", "1 of 1 windows did not load"],
        ["de de", "orders", "1 check found something to look at"],
        ["us us", "customers", "All checks passed"],
        ["us us", "orders", "1 check set records aside; 1 check found something to look at"],
    ]
    links = [attributes["href"] for tag, attributes in index.elements if tag == "a"]
    assert links == ["us/orders.html"]  # the only page that was written to this folder
    assert [(tmp_path / link).exists() for link in links if link] == [True]


def test_a_run_without_rows_leaves_the_pages_and_great_expectations_alone(
    database: Engine, tmp_path: Path
) -> None:
    checked(database, run_id="empty")
    program = (
        "import sys; from pathlib import Path; from datetime import datetime\n"
        "from include.entities.catalogue import entity; from include.sync.data_docs import write_data_docs\n"
        "from include.warehouse.engine import open_engine; from sqlalchemy import make_url\n"
        "path = write_data_docs(open_engine(make_url(sys.argv[1])), Path(sys.argv[2]), channel_code='us',\n"
        "    entity=entity('orders'), run_id='empty', now=datetime.now())\n"
        "assert path is None and 'great_expectations' not in sys.modules"
    )
    url = database.url.render_as_string(hide_password=False)
    subprocess.run([sys.executable, "-c", program, url, str(tmp_path / "docs")], cwd=PROJECT_ROOT, check=True)
    assert not (tmp_path / "docs").exists()


@pytest.fixture
def held(database: Engine) -> Iterator[threading.Event]:
    """Another batch that writes pages, until the event is set."""
    release, holds = threading.Event(), threading.Event()

    def hold() -> None:
        with database.begin() as connection:
            connection.execute(text("select pg_advisory_xact_lock(hashtextextended('data_docs', 0))"))
            holds.set()
            release.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    assert holds.wait(60)
    yield release
    release.set()
    thread.join()


def test_who_writes_last_has_read_last(database: Engine, tmp_path: Path, held: threading.Event) -> None:
    checked(database, (NUMBER, "warn", 10, 0, []))
    writer = threading.Thread(target=write, args=(database, tmp_path))
    writer.start()
    waiting = "select exists (select from pg_locks where locktype = 'advisory' and not granted)"
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while writer.is_alive() and not connection.execute(text(waiting)).scalar_one():
            pass
    assert writer.is_alive()
    checked(database, (NUMBER, "warn", 5, 0, []))
    held.set()
    writer.join(60)
    assert page_of(tmp_path / "us" / "orders.html").row(NUMBER)[4] == "15"


def test_a_folder_that_cannot_be_written_is_told(database: Engine, tmp_path: Path) -> None:
    checked(database, (NUMBER, "warn", 10, 0, []))
    (tmp_path / "docs").write_text("a file where the folder should be")
    with pytest.raises(ConfigError, match="CRM_DATA_DOCS_URL"):
        write(database, tmp_path / "docs")


def test_pages_are_in_the_data_folder_unless_told_otherwise() -> None:
    default = Settings.from_environment({"CRM_DATA_DIR": "/srv/crm"})
    assert default.data_docs_url == "file:///srv/crm/data_docs"
    elsewhere = Settings.from_environment({"CRM_DATA_DOCS_URL": "s3://bucket/docs"})
    assert elsewhere.data_docs_url == "s3://bucket/docs"


def test_pages_lie_in_folders_for_their_owner_only(database: Engine, tmp_path: Path) -> None:
    checked(database, (NUMBER, "warn", 10, 1, ["us:1"]))
    write(database, tmp_path / "docs")
    assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("docs", "docs/us")] == [0o700, 0o700]
