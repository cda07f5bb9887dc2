from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from include.errors import ConfigError
from include.orchestration.launch.environment import (
    airflow_environment,
    airflow_home,
    prepare_environment,
    ui_port,
)
from include.orchestration.launch.keys import Keys
from include.settings import PROJECT_ROOT, Settings
from include.warehouse.server import EmbeddedServer

KEYS = Keys(fernet_key="fernet", jwt_secret="jwt", api_secret_key="api")
METADATA = "postgresql+psycopg2://postgres@/airflow?host=/run/here"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environment({"CRM_DATA_DIR": str(tmp_path)})


def test_the_port_is_the_same_in_listener_links_and_task_reports(settings: Settings) -> None:
    composed = airflow_environment(settings, KEYS, METADATA, {"CRM_UI_PORT": "8123"})
    assert composed["AIRFLOW__API__PORT"] == "8123"
    assert composed["AIRFLOW__API__BASE_URL"] == "http://127.0.0.1:8123"
    assert composed["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:8123/execution/"


def test_links_and_task_reports_follow_a_port_that_airflow_was_told(settings: Settings) -> None:
    composed = airflow_environment(settings, KEYS, METADATA, {"AIRFLOW__API__PORT": "9"})
    assert "AIRFLOW__API__PORT" not in composed
    assert composed["AIRFLOW__API__BASE_URL"] == "http://127.0.0.1:9"


def test_everything_listens_on_loopback_only(settings: Settings) -> None:
    assert airflow_environment(settings, KEYS, METADATA, {})["AIRFLOW__API__HOST"] == "127.0.0.1"


def test_no_variable_of_airflow_that_is_set_already_is_touched(settings: Settings) -> None:
    present = {
        key: "mine"
        for key in airflow_environment(settings, KEYS, METADATA, {})
        if key.startswith("AIRFLOW__")
    }
    del present["AIRFLOW__API__PORT"]
    composed = airflow_environment(settings, KEYS, METADATA, present)
    assert [key for key in composed if key in present] == []


def test_a_database_of_the_users_own_stays_his(settings: Settings) -> None:
    assert "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN" not in airflow_environment(settings, KEYS, None, {})


def test_another_airflows_home_is_left_alone(settings: Settings, tmp_path: Path) -> None:
    composed = airflow_environment(settings, KEYS, METADATA, {"AIRFLOW_HOME": "/srv/other"})
    assert composed["AIRFLOW_HOME"] == str(tmp_path / "airflow")


def test_python_path_and_proxy_exceptions_keep_what_they_had(settings: Settings) -> None:
    environ = {"PYTHONPATH": f"/mine{os.pathsep}{PROJECT_ROOT}", "no_proxy": "intranet"}
    composed = airflow_environment(settings, KEYS, METADATA, environ)
    expected = [str(PROJECT_ROOT), str(PROJECT_ROOT / "plugins"), "/mine"]
    assert composed["PYTHONPATH"].split(os.pathsep) == expected
    assert composed["NO_PROXY"] == "127.0.0.1,localhost,intranet"


@pytest.mark.parametrize("value", ["0", "65536", "-1", "http", "8080 ", "٨٠"])
def test_a_port_that_is_none_is_refused_by_name(value: str) -> None:
    with pytest.raises(ConfigError, match="CRM_UI_PORT"):
        ui_port({"CRM_UI_PORT": value})


def test_an_empty_port_means_the_usual_one() -> None:
    assert ui_port({"CRM_UI_PORT": ""}) == 8080


def test_a_data_folder_that_cannot_be_made_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    settings = Settings.from_environment({"CRM_DATA_DIR": str(tmp_path / "file")})
    monkeypatch.setenv(
        "AIRFLOW_HOME", str(airflow_home(settings))
    )  # other tests here may have imported Airflow
    with pytest.raises(ConfigError, match="CRM_DATA_DIR"):
        prepare_environment(settings)


PREPARE = """
import os, sys
from include.orchestration.launch.environment import prepare_environment
from include.settings import Settings
prepare_environment(Settings.from_environment())
assert "airflow" not in sys.modules and "great_expectations" not in sys.modules
import airflow.settings
from airflow.configuration import conf
print("\\n".join(conf.get(*key.split(".")) for key in sys.argv[1:]))
"""


@pytest.mark.slow
def test_airflow_takes_what_was_prepared_and_migrates_once(tmp_path: Path, postgres: EmbeddedServer) -> None:
    asked = [
        "core.dags_folder",
        "core.fernet_key",
        "core.load_examples",
        "api.port",
        "database.sql_alchemy_conn",
    ]
    database = f"airflow_{os.getpid()}"
    postgres.ensure_database(database)
    url = postgres.url(database, "psycopg2").render_as_string(hide_password=False)
    environ = {
        **os.environ,
        "CRM_DATA_DIR": str(tmp_path),
        "CRM_UI_PORT": "8124",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": url,
    }
    command = [sys.executable, "-c", PREPARE, *asked]

    first = subprocess.run(command, env=environ, cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    log = tmp_path / "airflow" / "db-migrate.log"
    migrated_at = log.stat().st_mtime_ns
    second = subprocess.run(
        command, env=environ, cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    )

    assert first.stdout == second.stdout
    dags, fernet, examples, port, metadata = first.stdout.splitlines()[-5:]
    assert (dags, examples, port, metadata) == (str(PROJECT_ROOT / "dags"), "False", "8124", url)
    assert len(fernet) == 44
    assert log.stat().st_mtime_ns == migrated_at
    assert stat.S_IMODE((tmp_path / "airflow").stat().st_mode) == 0o700
