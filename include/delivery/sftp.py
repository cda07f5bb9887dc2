"""An SFTP server: entered only when it has the very key that the connection names, written under another name first."""

from __future__ import annotations

import base64
import binascii
import io
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self

from include.delivery.place import Errors, telling
from include.errors import ConfigError, TransientError

if TYPE_CHECKING:
    import paramiko

_SECONDS = 30.0
_PIECE = 1 << 15


@dataclass(frozen=True, slots=True, kw_only=True)
class SftpAddress:
    """An SFTP server and how it is entered.

    Attributes:
        host: its name.
        port: its port.
        user: who enters.
        host_key: the server's public key as `ssh-keyscan` prints it, with or without the host's name in front.
        password: of the user; None: by key.
        private_key: the user's own key, PEM or OpenSSH; None: by password.
        passphrase: of the private key.
        folder: where files go; empty: where the user arrives.
    """

    host: str
    port: int = 22
    user: str
    host_key: str
    password: str | None = field(default=None, repr=False)
    private_key: str | None = field(default=None, repr=False)
    passphrase: str | None = field(default=None, repr=False)
    folder: str = ""


class SftpPlace:
    """An SFTP server."""

    takes_rows = True

    def __init__(self, conn_id: str, address: SftpAddress) -> None:
        self._conn_id, self._address = conn_id, address
        self._transport: Any = None
        self._client: Any = None

    def put(self, name: str, source: IO[bytes], byte_count: int) -> None:
        """Write under a name that begins with a dot, ask how long it is, then rename over what is there."""
        finished = PurePosixPath(self._address.folder) / name
        unfinished = finished.with_name(f".{finished.name}.partial")
        mend = "check that the folder is there and that the user may write in it"
        refused = (PermissionError, FileNotFoundError)
        with telling(self._conn_id, refused=refused, broken=_broken(), mend=mend):
            if "/" in name:
                self._make_folder(str(finished.parent))
            with self._client.open(str(unfinished), "wb") as target:
                target.set_pipelined(True)
                while piece := source.read(_PIECE):
                    target.write(piece)
            if self._client.stat(str(unfinished)).st_size != byte_count:
                raise TransientError(
                    f"Connection {self._conn_id}: the file arrived short; the next try sends it again."
                )
            self._rename(str(unfinished), str(finished))

    def _make_folder(self, folder: str) -> None:
        """Make a folder below the one that files go to; that one is the server's owner's business."""
        try:
            self._client.stat(folder)
        except FileNotFoundError:
            self._client.mkdir(folder)

    def _rename(self, unfinished: str, finished: str) -> None:
        """In one step where the server can; else what is there goes first, since plain renaming refuses to replace."""
        try:
            self._client.posix_rename(unfinished, finished)
        except OSError:
            with suppress(FileNotFoundError):
                self._client.remove(finished)
            self._client.rename(unfinished, finished)

    def __enter__(self) -> Self:
        """Connect, hold the server's key against the one we know, and only then say who we are."""
        import paramiko

        wanted = _host_key(self._conn_id, self._address.host_key)
        refused = (paramiko.AuthenticationException, paramiko.BadHostKeyException, PermissionError)
        mend = "check host, port, login, password or key, and host_key"
        try:
            with telling(self._conn_id, refused=refused, broken=_broken(), mend=mend):
                self._connect(wanted)
        except BaseException:
            self._close()
            raise
        return self

    def _connect(self, wanted: paramiko.PKey) -> None:
        import socket

        import paramiko

        address = self._address
        sock = socket.create_connection((address.host, address.port), timeout=_SECONDS)
        self._transport = transport = paramiko.Transport(sock)
        transport.auth_timeout = transport.banner_timeout = _SECONDS
        _ask_for(transport, wanted)
        transport.start_client(timeout=_SECONDS)
        shown = transport.get_remote_server_key()
        if shown != wanted:
            raise ConfigError(
                f"Connection {self._conn_id}: the server shows another key than host_key says, so nothing was sent. If "
                "its owner confirms that it was changed, put the new one into the connection."
            )
        if address.private_key:
            transport.auth_publickey(address.user, _private_key(self._conn_id, address))
        else:
            transport.auth_password(address.user, address.password or "")
        self._client = paramiko.SFTPClient.from_transport(transport)
        self._client.get_channel().settimeout(_SECONDS)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up."""
        self._close()

    def _close(self) -> None:
        for one in (self._client, self._transport):
            if one is not None:
                one.close()


def _broken() -> Errors:
    import paramiko

    return (paramiko.SSHException, OSError, EOFError)


def _ask_for(transport: paramiko.Transport, wanted: paramiko.PKey) -> None:
    """A server has several keys: have it show the kind that we know."""
    options = transport.get_security_options()
    kinds = [kind for kind in options.key_types if _family(kind) == _family(wanted.get_name())]
    if kinds:
        options.key_types = kinds


def _family(kind: str) -> str:
    return "rsa" if kind == "ssh-rsa" or kind.startswith("rsa-") else kind.split("-cert-", 1)[0]


def _host_key(conn_id: str, written: str) -> paramiko.PKey:
    import paramiko

    parts = written.split()
    kinds = [part for part in parts if part.startswith(("ssh-", "ecdsa-", "rsa-"))]
    try:
        encoded = parts[parts.index(kinds[0]) + 1]
        return paramiko.PKey.from_type_string(kinds[0], base64.b64decode(encoded, validate=True))
    except (IndexError, binascii.Error, paramiko.SSHException, ValueError, TypeError):
        raise ConfigError(
            f"Connection {conn_id}: host_key is no public key: write the line that `ssh-keyscan -t ed25519 <host>` "
            "prints, once the server's owner has confirmed it."
        ) from None


def _private_key(conn_id: str, address: SftpAddress) -> paramiko.PKey:
    import paramiko

    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        with suppress(paramiko.SSHException, ValueError):
            return kind.from_private_key(io.StringIO(address.private_key or ""), address.passphrase)
    raise ConfigError(
        f"Connection {conn_id}: private_key cannot be read: put the whole key into it, and its passphrase into "
        "private_key_passphrase."
    )
