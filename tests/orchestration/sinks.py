"""Loopback receivers: what a chat's webhook and a mail server would have got."""

from __future__ import annotations

import email
import email.policy
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Sink:
    """A receiver that runs.

    Attributes:
        got: what was posted, or the mails.
        paths: addresses posted to.
        status: what it answers with.
    """

    port: int = 0
    got: list[Any] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    status: int = 200


@contextmanager
def _running(server: socketserver.TCPServer, sink: Sink) -> Iterator[Sink]:
    sink.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@contextmanager
def webhook() -> Iterator[Sink]:
    """Takes JSON by POST."""
    sink = Sink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sink.paths.append(self.path)
            sink.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(sink.status)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with _running(ThreadingHTTPServer(("127.0.0.1", 0), Handler), sink):
        yield sink


@contextmanager
def mail_server() -> Iterator[Sink]:
    """Takes mail; no more of SMTP than a client needs."""
    sink = Sink()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 sink")
            while line := self.rfile.readline().decode().strip():
                verb = line.split()[0].upper()
                if verb == "DATA":
                    self._say("354 go on")
                    sink.got.append(self._mail())
                self._say("221 bye" if verb == "QUIT" else "250 ok")

        def _mail(self) -> Any:
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line)
            return email.message_from_bytes(b"".join(lines), policy=email.policy.default)

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    with _running(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler), sink):
        yield sink
