from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import text

from include.errors import ConfigError
from include.identity.guest_keys import GuestKeys
from include.orchestration.launch.erase import asked
from include.settings import PROJECT_ROOT
from include.warehouse.engine import open_engine
from include.warehouse.migrate import upgrade
from tests.journeys.installation import Installation
from tests.reports.in_order import refresh_in_order

CUSTOMER = """
insert into crm.customers
    (customer_key, account_key, contact_key, channel_code, email, email_normalised, first_seen_at, changed_at)
values ('us:5', 'us:5', 'us:5', 'us', 'Zelda@Quux.example', 'zelda@quux.example', now(), now())
"""
DELIVERED = """
with shop as (
    insert into ops.channels
        (channel_code, channel_name, kind, timezone, reporting_currency_code, is_active, updated_at)
    values ('us', 'Shop', 'magento1', 'UTC', 'EUR', true, now())
),

member as (
    insert into marketing.segment_members (segment_name, channel_code, member_key, entered_at)
    values ('repeat_customers', 'us', 'us:5', '2026-03-01Z')
)
insert into marketing.exports (
    segment_name, file_name, profile, row_count, byte_count, sha256, definition_hash, manifest_json, exported_at,
    checked_at, published_at
)
values (
    'repeat_customers', 'old.csv', 'generic_csv', 1, 1, 'sum', 'x', '{}', '2026-03-02Z', '2026-03-02Z', '2026-03-02Z'
)
"""
COMMAND = (sys.executable, "-m", "include.orchestration.launch.erase")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_address_is_asked_for_at_a_terminal_twice(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(Terminal(" Ada@Example.com\nada@example.com\n")) == "ada@example.com"
    assert "no way back" in capsys.readouterr().err
    with pytest.raises(ConfigError, match="nobody was erased"):
        asked(Terminal("ada@example.com\nadam@example.com\n"))


def test_address_may_be_piped(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(io.StringIO("Ada@Example.com\n")) == "ada@example.com"
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("typed", ["", "\n", "us:1042\n"])
def test_what_is_no_address_is_refused_and_not_repeated(typed: str) -> None:
    with pytest.raises(ConfigError) as caught:
        asked(io.StringIO(typed))
    assert "us:1042" not in caught.value.summary


@pytest.mark.slow
def test_the_command_erases_and_leaves_the_address_nowhere(
    warehouse_url: sqlalchemy.URL,
    airflow_database: None,
    airflow_variables: Mapping[str, str],
    open_folder: Path,
) -> None:
    made = Installation(folder=open_folder, engine=open_engine(warehouse_url), variables=airflow_variables)
    made.prepare()
    upgrade(made.engine)
    with made.engine.begin() as connection:
        connection.execute(text(CUSTOMER))
        connection.execute(text(DELIVERED))
    refresh_in_order(made.engine, ["customer_value"], now=datetime.now(UTC))
    delivered = made.exports / "repeat_customers" / "old.csv"
    delivered.parent.mkdir(parents=True)
    delivered.write_text("email\nzelda@quux.example\n")
    done = subprocess.run(
        COMMAND,
        cwd=PROJECT_ROOT,
        env=made.environment(),
        input="ZELDA@quux.example\n",
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Erased as number 1 of ops.erasures. Rows: customers 1." in done.stdout
    assert "Held the person: old.csv, sha256 sum" in done.stdout
    assert "Deleted here: 1 of the files" in done.stdout
    assert made.rows("select email, email_normalised from crm.customers") == [(None, None)]
    token = GuestKeys(b"the same in every test").email_hash("zelda@quux.example")
    assert made.rows("select email_hash from ops.erasures") == [(token,)]
    written = [path.read_text(errors="replace") for path in open_folder.rglob("*") if path.is_file()]
    assert [content for content in written if "quux" in content.lower()] == []
    made.engine.dispose()
