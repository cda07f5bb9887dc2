"""`make up`: Airflow with its UI on this machine, until Ctrl-C.

Four components instead of `airflow standalone`, which listens on all interfaces (its log servers cannot be
told otherwise) and leaves children behind when stopped. Without log servers nothing is lost: all components
share one disk.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

from include.errors import SyncError, TransientError
from include.orchestration.launch.companions import companions_of
from include.orchestration.launch.environment import (
    LOOPBACK,
    airflow_home,
    local_settings,
    prepare_environment,
    ui_port,
)
from include.orchestration.launch.health import require_free_port, waiting_for
from include.orchestration.launch.keys import ADMIN, admin_password
from include.orchestration.launch.supervisor import Component, Death, Supervisor
from include.orchestration.launch.tail import last_lines
from include.orchestration.launch.warehouse import migrate_warehouse
from include.settings import Settings

# Healthy after 20 to 26 s on two quiet cores; five times that is no longer slowness.
START_SECONDS = 150.0
_POLL_SECONDS = 0.5
_INTERRUPTED = 128 + signal.SIGINT


class StopRequest:
    """Counts the signals that ask this process to end: the first stops the components, the second hurries."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Signal handler: only counts, so that it can interrupt anything."""
        self.count += 1

    def listen(self) -> None:
        """Ctrl-C, `kill`, and a closed terminal all mean the same."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self)


def main() -> int:
    """Run Airflow until told to stop; return 0 after that, 1 if it failed."""
    try:
        run_airflow(local_settings())
    except SyncError as error:
        print(f"make up: {error.summary}", file=sys.stderr)
        if error.details:
            print(error.details, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED  # while preparing: nothing runs yet that would have to be stopped
    return 0


def run_airflow(settings: Settings) -> None:
    """Start everything, print address and login, and stay until a signal.

    Raises:
        SyncError: it cannot start, or a component died; by then all others are stopped.
    """
    host, port = _address(os.environ)
    require_free_port(host, port)
    print("Preparing Airflow's folders and database, and the warehouse ...", flush=True)
    prepare_environment(settings)
    migrate_warehouse(settings)
    stop = StopRequest()
    stop.listen()
    logs = settings.data_dir / "logs"
    print("Starting Airflow ...", flush=True)
    components = [*companions_of(settings), *airflow_components()]
    with Supervisor(
        components, log_dir=logs, environment=os.environ, hurry=lambda: stop.count > 1
    ) as supervisor:
        wait_until_ready(supervisor, stop, lambda: waiting_for(_dialled(host), port))
        if not stop.count:
            print(_greeting(settings, port, logs, os.environ), flush=True)
        stay(supervisor, stop)
        print("Stopping; running tasks get 10 s to finish ...", flush=True)
    print("Stopped. The embedded PostgreSQL stays up for the other commands.", flush=True)


def airflow_components() -> list[Component]:
    """The four programs of Airflow; the API server first, since the others report to it."""
    airflow = [sys.executable, "-m", "airflow"]
    return [
        Component(name="api-server", command=[*airflow, "api-server"], serves_others=True),
        Component(name="scheduler", command=[*airflow, "scheduler", "--skip-serve-logs"]),
        Component(name="dag-processor", command=[*airflow, "dag-processor"]),
        # Nothing of ours waits in it; at times it waits 10 s for a child that has ended already.
        Component(name="triggerer", command=[*airflow, "triggerer", "--skip-serve-logs"], grace_seconds=3.0),
    ]


def wait_until_ready(
    supervisor: Supervisor,
    stop: StopRequest,
    missing: Callable[[], Sequence[str]],
    timeout_seconds: float = START_SECONDS,
    poll_seconds: float = _POLL_SECONDS,
) -> None:
    """Return when nothing is missing any more, or a stop is asked for.

    Raises:
        TransientError: a component died, or something is still missing after the timeout.
    """
    deadline = time.monotonic() + timeout_seconds
    while not stop.count and (absent := missing()):
        _refuse_death(supervisor)
        if time.monotonic() > deadline:
            raise TransientError(
                f"Airflow is not ready after {timeout_seconds:.0f} s (waiting for {', '.join(absent)}); "
                f"read the logs in {supervisor.log('scheduler').parent}, then start again."
            )
        time.sleep(poll_seconds)


def stay(supervisor: Supervisor, stop: StopRequest, poll_seconds: float = _POLL_SECONDS) -> None:
    """Return when a stop is asked for.

    Raises:
        TransientError: a component died.
    """
    while not stop.count:
        _refuse_death(supervisor)
        time.sleep(poll_seconds)


def _refuse_death(supervisor: Supervisor) -> None:
    if (death := supervisor.first_death()) is not None:
        _raise_death(death)


def _raise_death(death: Death) -> NoReturn:
    raise TransientError(
        f"The {death.name} ended by itself (exit status {death.exit_status}), so everything was stopped; "
        f"its last lines follow, all of them are in {death.log}.",
        details=last_lines(death.log),
    )


def _address(environ: Mapping[str, str]) -> tuple[str, int]:
    return environ.get("AIRFLOW__API__HOST") or LOOPBACK, ui_port(environ)


def _dialled(host: str) -> str:
    return LOOPBACK if host == "0.0.0.0" else host  # noqa: S104 - compared, never listened on


def _greeting(settings: Settings, port: int, logs: Path, environ: Mapping[str, str]) -> str:
    return (
        f"\nAirflow is ready:  {environ.get('AIRFLOW__API__BASE_URL', f'http://{LOOPBACK}:{port}')}\n"
        f"login:             {_login(settings, environ)}\n"
        f"logs:              {logs}\n"
        "Ctrl-C stops it.\n"
    )


def _login(settings: Settings, environ: Mapping[str, str]) -> str:
    own = (
        "AUTH_MANAGER",
        "SIMPLE_AUTH_MANAGER_USERS",
        "SIMPLE_AUTH_MANAGER_PASSWORDS_FILE",
        "SIMPLE_AUTH_MANAGER_ALL_ADMINS",
    )
    if any(f"AIRFLOW__CORE__{option}" in environ for option in own):
        return "as your AIRFLOW__CORE__* settings say"
    return f"{ADMIN} / {admin_password(airflow_home(settings))}"


if __name__ == "__main__":
    sys.exit(main())
