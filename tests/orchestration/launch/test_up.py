from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from include.errors import TransientError
from include.orchestration.launch.supervisor import Component, Supervisor
from include.orchestration.launch.up import StopRequest, stay, wait_until_ready
from include.settings import PROJECT_ROOT
from include.warehouse.engine import open_engine
from include.warehouse.migrate import assure_current
from include.warehouse.server import EmbeddedServer

UP = [sys.executable, "-m", "include.orchestration.launch.up"]


def supervised(folder: Path, code: str) -> Supervisor:
    component = Component(name="scheduler", command=[sys.executable, "-c", code])
    return Supervisor([component], log_dir=folder, environment=dict(os.environ))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def test_a_component_that_dies_while_starting_ends_the_wait_with_its_last_lines(tmp_path: Path) -> None:
    with (
        supervised(tmp_path, "import sys; print('no disk'); sys.exit(7)") as running,
        pytest.raises(TransientError, match=r"The scheduler ended by itself \(exit status 7\)") as caught,
    ):
        wait_until_ready(running, StopRequest(), lambda: ["api_server"], poll_seconds=0.01)
    assert caught.value.details == "no disk"


def test_a_component_that_dies_later_ends_the_stay(tmp_path: Path) -> None:
    with supervised(tmp_path, "import sys; sys.exit(1)") as running, pytest.raises(TransientError):
        stay(running, StopRequest(), poll_seconds=0.01)


def test_waiting_has_an_end_and_says_for_what(tmp_path: Path) -> None:
    with (
        supervised(tmp_path, "import time; time.sleep(60)") as running,
        pytest.raises(TransientError, match=r"waiting for triggerer"),
    ):
        wait_until_ready(
            running, StopRequest(), lambda: ["triggerer"], timeout_seconds=0.05, poll_seconds=0.01
        )


def test_a_stop_request_ends_the_wait_and_the_stay(tmp_path: Path) -> None:
    stop = StopRequest()
    stop(signal.SIGTERM, None)
    with supervised(tmp_path, "import time; time.sleep(60)") as running:
        wait_until_ready(running, stop, lambda: ["api_server"])
        stay(running, stop)


def test_a_taken_port_is_one_sentence_and_nothing_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        environ = {
            **os.environ,
            "CRM_DATA_DIR": str(tmp_path / "data"),
            "CRM_UI_PORT": str(taken.getsockname()[1]),
        }
        done = subprocess.run(UP, env=environ, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert re.fullmatch(r"make up: Port \d+ of 127\.0\.0\.1 is taken [^\n]+\n", done.stderr)
    assert not (tmp_path / "data").exists()


@pytest.mark.slow(25)
def test_airflow_comes_up_on_loopback_only_and_goes_without_a_trace(
    tmp_path: Path, postgres: EmbeddedServer
) -> None:
    """A real Airflow without DAGs: about 25 s, most of it Airflow's migration and start."""
    (tmp_path / "dags").mkdir()
    (tmp_path / "channels").mkdir()  # without the demo's, no demo store comes up beside
    database = f"up_{os.getpid()}"
    for name in (database, f"{database}_crm"):
        postgres.ensure_database(name)
    metadata = postgres.url(database, "psycopg2").render_as_string(hide_password=False)
    warehouse = postgres.url(f"{database}_crm")
    port = free_port()
    environ = {
        **os.environ,
        "CRM_DATA_DIR": str(tmp_path / "data"),
        "CRM_CHANNELS_DIR": str(tmp_path / "channels"),
        "CRM_UI_PORT": str(port),
        "AIRFLOW__CORE__DAGS_FOLDER": str(tmp_path / "dags"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": metadata,
        "AIRFLOW_CONN_CRM_WAREHOUSE": warehouse.set(drivername="postgresql").render_as_string(
            hide_password=False
        ),
    }
    output = tmp_path / "output"
    with output.open("wb") as file:
        up = subprocess.Popen(UP, env=environ, cwd=PROJECT_ROOT, stdout=file, stderr=file)
    try:
        wait_for_text(output, "Ctrl-C stops it.", up)
        children = psutil.Process(up.pid).children(recursive=True)
        listening = {
            (connection.laddr.ip, connection.laddr.port)
            for process in children
            for connection in process.net_connections(kind="inet")
            if connection.status == psutil.CONN_LISTEN
        }
    finally:
        up.terminate()
        status = up.wait(60)

    assert listening == {("127.0.0.1", port)}
    assert len(children) >= 8  # four components and four workers
    assert status == 0, output.read_text()
    migrated = open_engine(warehouse)  # or every task would refuse to work on it
    assure_current(migrated)
    migrated.dispose()
    assert [process for process in children if process.is_running()] == []
    password = (tmp_path / "data/airflow/simple_auth_manager_passwords.json.generated").read_text()
    assert re.search(r"admin / (\S+)", output.read_text())[1] in password  # type: ignore[index]


def wait_for_text(path: Path, text: str, process: subprocess.Popen[bytes], seconds: float = 170) -> None:
    deadline = time.monotonic() + seconds
    while text not in path.read_text():
        assert process.poll() is None, path.read_text()
        assert time.monotonic() < deadline, path.read_text()
        time.sleep(0.2)
