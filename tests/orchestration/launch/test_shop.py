from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import requests

from include.demo_store.settings import DEFAULT_KEY, DEFAULT_USER
from include.errors import TransientError
from include.orchestration.launch import shop
from include.settings import PROJECT_ROOT, Settings


def settings_with(folder: Path, *files: str) -> Settings:
    for name in files:
        shutil.copy(PROJECT_ROOT / "include" / "channels" / name, folder)
    return Settings.from_environment({"CRM_DATA_DIR": str(folder), "CRM_CHANNELS_DIR": str(folder)})


@pytest.fixture(autouse=True)
def no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(shop.CONNECTION_VARIABLE, raising=False)


def test_a_shop_answers_while_it_is_wanted_and_is_gone_afterwards() -> None:
    with shop.running_shop() as url:
        assert "definitions" in requests.get(url, timeout=10).text
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=10)


def test_a_shop_that_does_not_start_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shop, "command", lambda port: ["echo", "no shop"])
    with pytest.raises(TransientError, match="did not start"), shop.running_shop():
        pass


def test_the_connection_lets_airflow_in() -> None:
    known = json.loads(shop.connection("http://127.0.0.1:1/"))
    assert (known["conn_type"], known["host"]) == ("magento", "http://127.0.0.1:1/")
    assert (known["login"], known["password"]) == (DEFAULT_USER, DEFAULT_KEY)


def test_the_shop_comes_along_only_where_the_demo_channel_has_no_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shop.companion(settings_with(tmp_path)) == ()
    (component,) = shop.companion(settings_with(tmp_path, "demo.yml"))
    assert json.loads(component.environment[shop.CONNECTION_VARIABLE])["host"].startswith("http://127.0.0.1:")
    monkeypatch.setenv(shop.CONNECTION_VARIABLE, "{}")
    assert shop.companion(settings_with(tmp_path, "demo.yml")) == ()
