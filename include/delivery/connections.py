"""Which place an Airflow connection describes, by its type; README.md lists the fields.

Airflow offers a type in its form only where a provider of it is installed; a connection of type *Generic* says its type
as `"delivery"` in its extra instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from include.delivery.bucket import BucketAddress, BucketPlace
from include.delivery.folder import FolderPlace
from include.delivery.mail import MailAddress, MailPlace
from include.delivery.place import Place
from include.delivery.sftp import SftpAddress, SftpPlace
from include.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A connection as Airflow keeps it.

    Attributes:
        conn_id: its id.
        kind: its type.
        host, port, login, password: its fields of these names.
        extra: its extra fields.
    """

    conn_id: str
    kind: str
    host: str | None = None
    port: int | None = None
    login: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def needed(self, name: str, value: object) -> str:
        """A field that must be filled.

        Raises:
            ConfigError: it is not.
        """
        if value is None or not str(value).strip():
            raise ConfigError(
                f"Connection {self.conn_id} does not say {name}: fill it in as include/delivery/README.md shows."
            )
        return str(value).strip()

    def is_on(self, name: str, *, default: bool = False) -> bool:
        """A switch in the extra."""
        return str(self.extra.get(name, default)).lower() in ("true", "1", "yes")


def open_place(destination: Destination) -> Place:
    """The place that a connection describes, not entered yet.

    Raises:
        ConfigError: its type is none that is delivered to, or a field is missing or wrong.
    """
    kind = str(destination.extra.get("delivery") or destination.kind)
    if kind not in _PLACES:
        raise ConfigError(
            f"Connection {destination.conn_id} is of type {kind}, which nothing is delivered to: use one of "
            f"{', '.join(sorted(_PLACES))}, as its type or as delivery in its extra."
        )
    return _PLACES[kind](destination)


def _folder(of: Destination) -> Place:
    path = Path(of.needed("path in its extra", of.extra.get("path")))
    if not path.is_absolute():
        raise ConfigError(f"Connection {of.conn_id}: path must be absolute, from / on.")
    return FolderPlace(of.conn_id, path)


def _bucket(of: Destination) -> Place:
    endpoint = of.extra.get("endpoint_url")
    allow_http = of.is_on("allow_http")
    if endpoint and not str(endpoint).startswith("https://") and not allow_http:
        raise ConfigError(
            f"Connection {of.conn_id}: endpoint_url is not https, and files full of people would travel in the open: "
            'use https, or say "allow_http": true.'
        )
    address = BucketAddress(
        bucket=of.needed("bucket in its extra", of.extra.get("bucket")),
        prefix=str(of.extra.get("prefix") or "").strip("/"),
        region=str(of.extra.get("region_name") or "us-east-1"),
        endpoint=str(endpoint) if endpoint else None,
        key_id=of.login,
        secret=of.password,
        allow_http=allow_http,
        verify_tls=of.is_on("verify_tls", default=True),
    )
    return BucketPlace(of.conn_id, address)


def _sftp(of: Destination) -> Place:
    address = SftpAddress(
        host=of.needed("host", of.host),
        port=of.port or 22,
        user=of.needed("login", of.login),
        host_key=of.needed("host_key in its extra", of.extra.get("host_key")),
        password=of.password,
        private_key=of.extra.get("private_key"),
        passphrase=of.extra.get("private_key_passphrase"),
        folder=str(of.extra.get("path") or ""),
    )
    return SftpPlace(of.conn_id, address)


def _mail(of: Destination) -> Place:
    """The fields are those of Airflow's own type smtp."""
    tls = "none" if of.is_on("disable_ssl") and of.is_on("disable_tls") else "implicit"
    tls = "starttls" if of.is_on("disable_ssl") and not of.is_on("disable_tls") else tls
    address = MailAddress(
        host=of.needed("host", of.host),
        port=of.port or (587 if tls == "starttls" else 465),
        sender=of.needed("from_email in its extra", of.extra.get("from_email")),
        recipients=of.needed("to_email in its extra", of.extra.get("to_email")),
        tls=tls,
        user=of.login or None,
        password=of.password,
    )
    return MailPlace(of.conn_id, address)


_PLACES: Mapping[str, Callable[[Destination], Place]] = {
    "fs": _folder,
    "file": _folder,
    "aws": _bucket,
    "s3": _bucket,
    "sftp": _sftp,
    "ssh": _sftp,
    "smtp": _mail,
}
