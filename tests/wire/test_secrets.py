"""No password hash, by name or by value, in the warehouse, the staged files or the logs; nor the key or a session."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, text

from include.sync.staging import Stage
from tests.wire.conftest import Fresh, Loaded, Recorded
from tests.wire.recorded import recorded_rows, text_at

NAMES = ("password_hash", "crm-sync-key", "protect_code")


@pytest.fixture(scope="module")
def secrets(store: Path) -> frozenset[str]:
    """Every hash of the shop, and the codes that open a guest's order."""
    hashes = {
        text_at(e, "password_hash")
        for m in ("customerCustomerList", "oroCustomerList")
        for _, e in recorded_rows(store, m)
    }
    codes = {text_at(e, "protect_code") for _, e in recorded_rows(store, "salesOrderList")}
    assert len(hashes) >= 297
    return frozenset(filter(None, hashes)) | {f'"{code}"' for code in codes if code}


@pytest.fixture(scope="module", params=["with_bridge", "without_bridge"])
def loaded(request: pytest.FixtureRequest) -> Loaded:
    found: Loaded = request.getfixturevalue(request.param)
    return found


def betrayed(pieces: Iterator[str], secrets: frozenset[str]) -> set[str]:
    """What of all this is in the text."""
    whole = "\n".join(pieces)
    return {secret for secret in (*secrets, *NAMES) if secret in whole}


def rows(engine: Engine) -> Iterator[str]:
    """Every row of every table of every schema of ours, as text."""
    with engine.connect() as connection:
        tables = connection.execute(
            text(
                "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname !~ '^pg_|^inf'"
            )
        ).scalars()
        for table in list(tables):
            yield from connection.execute(text(f"select to_jsonb(t)::text from {table} as t")).scalars()  # noqa: S608


def staged(root: Path) -> Iterator[str]:
    """Every file below the staging root, opened."""
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        yield path.name
        if path.suffix == ".parquet":
            yield str(pq.read_table(path).to_pylist())
        else:
            content = path.read_bytes()
            yield (gzip.decompress(content) if path.suffix == ".gz" else content).decode()


def test_no_secret_is_in_any_table(loaded: Loaded, secrets: frozenset[str]) -> None:
    found = list(rows(loaded.engine))
    assert len(found) > 4000
    assert betrayed(iter(found), secrets) == set()


def test_no_secret_is_in_the_copies_kept_for_replays(loaded: Loaded, secrets: frozenset[str]) -> None:
    found = list(staged(loaded.chain.root))
    assert sum(name.startswith("raw-") for name in found) >= 3
    assert betrayed(iter(found), secrets) == set()


def test_no_secret_is_in_the_parts_that_wait_for_loading(
    fresh: Fresh, recorded: Recorded, secrets: frozenset[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parts are removed once loaded, so this run leaves them."""
    monkeypatch.setattr(Stage, "drop_parts", lambda _: None)
    chain = fresh()
    chain.load(recorded(), entities=["customers", "orders"])
    found = list(staged(chain.root))
    assert {"customers-0001.parquet", "orders-0001.parquet"} <= set(found)
    assert betrayed(iter(found), secrets) == set()


def test_no_secret_is_in_any_log_line_debug_included(loaded: Loaded, secrets: frozenset[str]) -> None:
    assert len(loaded.log) > 20
    assert betrayed(iter(loaded.log), secrets) == set()


def test_no_personal_data_is_in_any_log_line(loaded: Loaded, store: Path) -> None:
    people = {
        value
        for _, element in recorded_rows(store, "customerCustomerList")
        for name in ("email", "taxvat")
        if (value := text_at(element, name))
    }
    assert {person for person in people if any(person in line for line in loaded.log)} == set()
