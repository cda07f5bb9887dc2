"""The demo store beside our commands: started while the channel `demo` is configured and has no connection of its own.

Its data follows from a seed, so the shop that `make up` starts is the one that `make demo` loaded.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from include.channels.loading import load_channels
from include.demo_store.settings import DEFAULT_KEY, DEFAULT_USER
from include.entities.catalogue import ENTITY_NAMES
from include.errors import TransientError
from include.orchestration.launch.supervisor import Component
from include.settings import PROJECT_ROOT, Settings

CHANNEL = "demo"
CONNECTION_VARIABLE = "AIRFLOW_CONN_MAGENTO_DEMO"
GREETING = "demo store: "
STOP_SECONDS = 10.0


def command(port: int) -> list[str]:
    """The demo store in its default size."""
    return [sys.executable, "-m", "include.demo_store", "serve", "--port", str(port)]


def connection(url: str) -> str:
    """The Airflow connection of a demo store, as JSON for the environment."""
    return json.dumps({"conn_type": "magento", "host": url, "login": DEFAULT_USER, "password": DEFAULT_KEY})


@contextmanager
def running_shop() -> Iterator[str]:
    """Start a demo store and give its address; it is stopped in the end.

    Raises:
        TransientError: it did not come up.
    """
    with subprocess.Popen(command(0), cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line.startswith(GREETING):
                raise TransientError("The demo store did not start: look at the lines above, then try again.")
            yield line.removeprefix(GREETING).strip()
        finally:
            _stop(process)


@contextmanager
def shop_beside(settings: Settings, channel: str | None) -> Iterator[None]:
    """A demo store while a command reads the channel `demo` and nobody gave that a connection."""
    if channel in (None, CHANNEL) and _is_wanted(settings):
        with running_shop() as url:
            os.environ[CONNECTION_VARIABLE] = connection(url)
            yield
    else:
        yield


def _is_wanted(settings: Settings) -> bool:
    codes = {channel.code for channel in load_channels(settings.channels_dir, ENTITY_NAMES).channels}
    return CHANNEL in codes and CONNECTION_VARIABLE not in os.environ


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def companion(settings: Settings) -> Sequence[Component]:
    """The demo store for `make up`; nothing where the demo channel is not configured or has its own connection."""
    if not _is_wanted(settings):
        return ()
    port = _free_port()
    url = f"http://127.0.0.1:{port}/index.php/api/v2_soap/?wsdl=1"
    return (
        Component(
            name="demo-store",
            command=command(port),
            environment={CONNECTION_VARIABLE: connection(url)},
            serves_others=True,
        ),
    )


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
