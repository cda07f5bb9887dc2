"""Is a local Airflow ready? Asked of its API server, which knows the heartbeats of the other components."""

from __future__ import annotations

import http.client
import json
import socket

from include.errors import ConfigError

_PATH = "/api/v2/monitor/health"
_PARTS = ("metadatabase", "scheduler", "dag_processor", "triggerer")


def require_free_port(host: str, port: int) -> None:
    """Refuse a port that something listens on already.

    Raises:
        ConfigError: it is taken, or this machine has no such address.
    """
    with socket.socket() as probe:
        # Connections of an Airflow that stopped a minute ago linger in TIME_WAIT and are no reason to refuse.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ConfigError(
                f"Port {port} of {host} is taken or not allowed; stop what listens there, "
                f"or choose another port: make up CRM_UI_PORT={port + 1}."
            ) from error


def waiting_for(host: str, port: int, timeout_seconds: float = 5.0) -> tuple[str, ...]:
    """Parts of Airflow that are not healthy yet, all of them while the API server does not answer.

    Asks directly, past any proxy that the environment names.
    """
    connection = http.client.HTTPConnection(host, port, timeout=timeout_seconds)
    try:
        connection.request("GET", _PATH)
        report = json.load(connection.getresponse())
        return tuple(part for part in _PARTS if report[part]["status"] != "healthy")
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return ("api_server",)
    finally:
        connection.close()
