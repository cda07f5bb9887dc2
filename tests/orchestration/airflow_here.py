"""Airflow in the test process itself, on the session's server: tables made once, variables set only while a test runs.

The variables must not outlive the tests that need them: other tests start Airflows of their own. Its home and its
database are read when Airflow is first imported, so every test that imports it takes them from here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from include.orchestration.launch.environment import airflow_environment, airflow_home
from include.orchestration.launch.keys import load_keys
from include.orchestration.launch.metadata import CONNECTION, ensure_migrated
from include.settings import Settings
from include.warehouse.server import EmbeddedServer

_variables: dict[str, str] = {}
_homes_with_tables: set[str] = set()


@pytest.fixture(scope="session")
def airflow_variables(
    tmp_path_factory: pytest.TempPathFactory, postgres: EmbeddedServer
) -> Mapping[str, str]:
    """What Airflow must find in the environment, its database named but not made.

    The same for every folder that asks: Airflow can be imported only once, and its tables take seconds to make.
    """
    if not _variables:
        _variables.update(_new_variables(tmp_path_factory, postgres))
    return _variables


def _new_variables(tmp_path_factory: pytest.TempPathFactory, postgres: EmbeddedServer) -> Mapping[str, str]:
    settings = Settings.from_environment({"CRM_DATA_DIR": str(tmp_path_factory.mktemp("airflow"))})
    home = airflow_home(settings)
    home.mkdir()
    url = postgres.url(f"airflow_{os.getpid()}", "psycopg2").render_as_string(hide_password=False)
    environ = {key: value for key, value in os.environ.items() if not key.startswith("AIRFLOW")}
    environ |= {CONNECTION: url.replace("%2F", "/")}
    variables = airflow_environment(settings, load_keys(home), None, environ)
    return variables | {CONNECTION: environ[CONNECTION]}


@pytest.fixture(scope="session")
def airflow_database(airflow_variables: Mapping[str, str], postgres: EmbeddedServer) -> None:
    """Airflow's tables on the session's server."""
    home = airflow_variables["AIRFLOW_HOME"]
    if home not in _homes_with_tables:
        postgres.ensure_database(f"airflow_{os.getpid()}")
        ensure_migrated(Path(home), {**os.environ, **airflow_variables})
        _homes_with_tables.add(home)


@pytest.fixture(scope="module")
def airflow_here(airflow_variables: Mapping[str, str]) -> Iterator[None]:
    """Airflow's environment for the length of one module."""
    with pytest.MonkeyPatch.context() as patched:
        for name in [key for key in os.environ if key.startswith(("AIRFLOW", "CRM_"))]:
            if name != "CRM_TEST_SERVERS":
                patched.delenv(name)
        for name, value in airflow_variables.items():
            patched.setenv(name, value)
        yield
