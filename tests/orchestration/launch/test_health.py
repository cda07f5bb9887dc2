from __future__ import annotations

import http.server
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from include.errors import ConfigError
from include.orchestration.launch.health import require_free_port, waiting_for

HEALTHY = {
    part: {"status": "healthy"} for part in ("metadatabase", "scheduler", "dag_processor", "triggerer")
}


@contextmanager
def answering(body: bytes) -> Iterator[int]:
    """A server on a free port of loopback that answers every GET with this body."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def test_nothing_is_missing_once_all_parts_are_healthy() -> None:
    with answering(json.dumps(HEALTHY).encode()) as port:
        assert waiting_for("127.0.0.1", port) == ()


def test_parts_that_are_not_healthy_yet_are_named() -> None:
    report = {**HEALTHY, "scheduler": {"status": None}, "triggerer": {"status": "unhealthy"}}
    with answering(json.dumps(report).encode()) as port:
        assert waiting_for("127.0.0.1", port) == ("scheduler", "triggerer")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"metadatabase": null}'])
def test_an_answer_that_is_not_a_health_report_is_no_health(body: bytes) -> None:
    with answering(body) as port:
        assert waiting_for("127.0.0.1", port) == ("api_server",)


def test_no_proxy_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    with answering(json.dumps(HEALTHY).encode()) as port:
        assert waiting_for("127.0.0.1", port) == ()


def test_a_taken_port_is_refused_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"Port {port} .* make up CRM_UI_PORT={port + 1}"):
            require_free_port("127.0.0.1", port)
    assert waiting_for("127.0.0.1", port) == ("api_server",)


def test_a_port_that_was_used_a_moment_ago_is_free() -> None:
    with answering(b"{}") as port:
        waiting_for("127.0.0.1", port)
    require_free_port("127.0.0.1", port)
