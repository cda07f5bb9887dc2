from __future__ import annotations

import io
from pathlib import Path

import pytest
import sqlalchemy

from include.identity.guest_keys import GuestKeys
from include.orchestration.launch import suppress
from include.suppressions.probe import suppressed
from include.warehouse.engine import open_engine

KEYS = GuestKeys(b"the same in every test")
ZELDA = KEYS.email_hash("zelda@quux.example")


@pytest.fixture
def here(warehouse_url: sqlalchemy.URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sqlalchemy.URL:
    uri = warehouse_url.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("AIRFLOW_CONN_CRM_WAREHOUSE", uri)
    monkeypatch.setenv("CRM_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CRM_IDENTITY_KEY", "the same in every test")
    monkeypatch.setattr("sys.stdin", io.StringIO("Zelda@quux.example \n"))
    return warehouse_url


def is_suppressed(url: sqlalchemy.URL, channel: str = "demo") -> bool:
    engine = open_engine(url)
    with engine.connect() as connection:
        found = suppressed(connection, [ZELDA], channel)
    engine.dispose()
    return found == {ZELDA}


def test_an_address_is_asked_for_and_held_back_and_let_in_again(
    here: sqlalchemy.URL, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert suppress.main([]) == 0
    assert is_suppressed(here)
    monkeypatch.setattr("sys.stdin", io.StringIO("zelda@QUUX.example\n"))
    assert suppress.main(["--lift", "asked for it by phone"]) == 0
    assert not is_suppressed(here)
    told = capsys.readouterr()
    assert (told.out.splitlines()[0], told.err) == ("Suppressed in every channel.", "")
    assert "quux" not in told.out.lower()


def test_an_address_may_be_held_back_in_one_channel(here: sqlalchemy.URL) -> None:
    assert suppress.main(["--channel", "demo"]) == 0
    assert is_suppressed(here, "demo")
    assert not is_suppressed(here, "us")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--channel", "nowhere"],
        ["--lift", ""],
        ["--lift", "zelda@quux.example"],
        ["--lift", "x", "--channel", "demo"],
    ],
)
def test_a_wrong_wish_changes_nothing_and_is_one_sentence(
    here: sqlalchemy.URL, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert suppress.main(arguments) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert not is_suppressed(here)
