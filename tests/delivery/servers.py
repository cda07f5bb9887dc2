"""Real servers on free ports of this machine, from PyPI (README.md), each in a thread of the test process."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

USER, PASSWORD = "crm", "open sesame"
BUCKET = "segments"


@dataclass
class BucketServer:
    """An S3 server.

    Attributes:
        url: where it listens.
        folder: of the one bucket; objects are files in it.
    """

    url: str
    folder: Path


@contextmanager
def bucket_server(folder: Path, *, certificate: tuple[Path, Path] | None = None) -> Iterator[BucketServer]:
    """nanio under uvicorn; with a certificate and its key over TLS."""
    import uvicorn
    from nanio.app import build_app
    from nanio.auth.credentials import StaticCredentialResolver
    from nanio.config import Settings

    (folder / BUCKET).mkdir()
    app = build_app(Settings(data_dir=folder, credentials=StaticCredentialResolver({USER: PASSWORD})))
    tls = {"ssl_certfile": str(certificate[0]), "ssl_keyfile": str(certificate[1])} if certificate else {}
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off", loop="asyncio", **tls))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        _wait_for(lambda: server.started)
        scheme = "https" if certificate else "http"
        yield BucketServer(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}", folder / BUCKET)
        server.should_exit = True
        thread.join(10)


@dataclass
class SftpServer:
    """An SFTP server.

    Attributes:
        port: where it listens.
        folder: what clients see as /.
        host_key: its public key, as ssh-keyscan prints it.
        client_key: private key of a user who may enter.
        renames: every renaming that clients asked for.
        connections: everybody who came in.
        breaks_after: bytes of a file after which it hangs up; None: never.
    """

    port: int = 0
    folder: Path = Path()
    host_key: str = ""
    client_key: str = ""
    renames: list[tuple[str, str]] = field(default_factory=list)
    breaks_after: int | None = None
    connections: list[Any] = field(default_factory=list)


@contextmanager
def sftp_server(folder: Path) -> Iterator[SftpServer]:
    """asyncssh, with a password and a key that let in."""
    running = SftpServer(folder=folder)
    (folder / "incoming").mkdir()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listener = asyncio.run_coroutine_threadsafe(_listen(running), loop).result(10)
    try:
        yield running
    finally:
        asyncio.run_coroutine_threadsafe(_hang_up(listener, running), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _hang_up(listener: Any, running: SftpServer) -> None:
    listener.close()
    await listener.wait_closed()
    for connection in running.connections:
        connection.abort()
        await connection.wait_closed()
    await asyncio.sleep(0.05)  # sockets are closed one turn of the loop later


async def _listen(running: SftpServer) -> Any:
    import asyncssh

    host_key = asyncssh.generate_private_key("ssh-ed25519")
    other_key = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
    client_key = asyncssh.generate_private_key("ssh-ed25519")
    listener = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=_door(running, client_key.convert_to_public()),
        server_host_keys=[other_key, host_key],
        sftp_factory=_files(running),
    )
    running.port = listener.get_port()
    running.host_key = host_key.export_public_key().decode().strip()
    running.client_key = client_key.export_private_key().decode()
    return listener


def _door(running: SftpServer, client_key: Any) -> type:
    import asyncssh

    class Door(asyncssh.SSHServer):
        def connection_made(self, conn: Any) -> None:
            running.connections.append(conn)

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == (USER, PASSWORD)

        def public_key_auth_supported(self) -> bool:
            return True

        def validate_public_key(self, username: str, key: Any) -> bool:
            return bool(key == client_key)

    return Door


def _files(running: SftpServer) -> type:
    import asyncssh

    class Files(asyncssh.SFTPServer):
        def __init__(self, chan: Any) -> None:
            super().__init__(chan, chroot=str(running.folder).encode())
            self._chan = chan

        def write(self, file_obj: Any, offset: int, data: bytes) -> Any:
            if running.breaks_after is not None and offset >= running.breaks_after:
                self._chan.get_connection().abort()
            return super().write(file_obj, offset, data)

        def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
            running.renames.append((oldpath.decode(), newpath.decode()))
            super().posix_rename(oldpath, newpath)

    return Files


def certificate_in(folder: Path) -> tuple[Path, Path]:
    """A certificate that nobody vouches for, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return cert_file, key_file


def _wait_for(condition: Any) -> None:
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until, "the server does not start"
        time.sleep(0.01)
