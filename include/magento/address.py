"""Where a store is and how it is entered: the address that an Airflow connection of type Magento describes.

People write the address in many ways (shop, index.php, WSDL, host and port apart); here they become one.
The login of an HTTP basic auth inside the URL is taken out of it, so that the URL can be shown and logged;
the rest stays secret.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit, urlunsplit

from include.magento.connection_fields import DEFAULT_TIMEOUT_SECONDS, ConnectionFields, Wsi

_SCHEMES = ("http", "https")
_SOAP_V2 = "/api/v2_soap"
_OTHER_APIS = ("/api/soap", "/api/xmlrpc", "/api/rest")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreAddress:
    """Everything that is needed to enter a store.

    Attributes:
        wsdl_url: full URL of the WSDL (SOAP v2), without a login in it.
        user: the API user.
        api_key: the API user's key.
        http_user: login of an HTTP basic auth in front of the store, or None.
        http_password: its password, or None.
        wsi: whether the store runs in WS-I mode; "auto" reads it off the WSDL.
        verify_tls: True, False, or the path of a CA bundle.
        timeout_seconds: limit of every call.
    """

    wsdl_url: str
    user: str = field(repr=False)
    api_key: str = field(repr=False)
    http_user: str | None = field(default=None, repr=False)
    http_password: str | None = field(default=None, repr=False)
    wsi: Wsi = "auto"
    verify_tls: bool | str = True
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS

    def __repr__(self) -> str:
        # Written by hand: a shop in front of which a token guards the URL has that token in the query.
        return (
            f"StoreAddress({self.place}, wsi={self.wsi}, verify_tls={self.verify_tls}, "
            f"timeout_seconds={self.timeout_seconds:g})"
        )

    @property
    def place(self) -> str:
        """The address for messages and logs: no query, no login."""
        return self.wsdl_url.partition("?")[0]


def address_from_connection(
    *,
    conn_id: str,
    host: str | None,
    port: int | None,
    schema: str | None,
    login: str | None,
    password: str | None,
    extra: Mapping[str, Any],
) -> StoreAddress:
    """The address that these fields of an Airflow connection mean.

    Args:
        conn_id: id of the connection, for messages.
        host: WSDL URL, base URL, or a bare host name.
        port: port, where it is not in the URL.
        schema: path, or http or https: what Airflow's URI form makes of the part behind the host.
        login: API user.
        password: API key.
        extra: http_user, http_password, wsi, verify_tls, ca_bundle, timeout_seconds, allow_http.

    Raises:
        ConfigError: a field is missing or wrong; the sentence names connection, field and mend, never a
        value.
    """
    fields = ConnectionFields(conn_id, extra)
    url = shop_url(fields, host, port, schema)
    check_plain_http(fields, url)
    url_user, url_password = login_of(url)
    return StoreAddress(
        wsdl_url=_wsdl_url(fields, url),
        user=fields.required(login, "API user (login)", "the SOAP user that the store's admin made"),
        api_key=fields.required(password, "API key (password)", "the key of the SOAP user"),
        http_user=fields.text("http_user") or url_user,
        http_password=fields.text("http_password") or url_password,
        wsi=fields.wsi(),
        verify_tls=fields.verify_tls(),
        timeout_seconds=fields.timeout_seconds(),
    )


def shop_url(fields: ConnectionFields, host: str | None, port: int | None, schema: str | None) -> SplitResult:
    """One URL from the three fields, still with the login that may stand in it."""
    written = fields.required(host, "address (host)", "the shop's base URL or its WSDL URL")
    try:
        url = urlsplit(_absolute(written, (schema or "").strip()))
        name, url_port = url.hostname or "", url.port
    except ValueError:
        # Without the cause: urlsplit quotes what it could not read, and that may be a password.
        url, name, url_port = urlsplit(""), "", None
    if not name or url.scheme not in _SCHEMES or any(map(str.isspace, f"{name}{url.path}")):
        fields.refuse("the address (host) is not a web address", "write it like https://shop.example.com")
    if port and url_port and port != url_port:
        fields.refuse("the address (host) and the field port name different ports", "keep one of the two")
    return url._replace(netloc=_netloc(url, port or url_port), fragment="")


def _absolute(written: str, schema: str) -> str:
    """The address as one string with scheme and path, however Airflow cut it in pieces."""
    scheme, mark, rest = written.partition("://")
    if not mark:
        rest = _bracketed(written)
        scheme = "http" if is_loopback(urlsplit(f"//{rest}").hostname or "") else "https"
        scheme = schema.lower() if schema.lower() in _SCHEMES else scheme
    path, mark, query = rest.partition("?")
    if schema and schema.lower() not in _SCHEMES:
        path = f"{path.rstrip('/')}/{schema.lstrip('/')}"
    return f"{scheme.lower()}://{path}{mark}{query}"


def _bracketed(host: str) -> str:
    """IPv6 addresses come without brackets out of Airflow's URI form."""
    try:
        return f"[{host}]" if ipaddress.ip_address(host).version == 6 else host
    except ValueError:
        return host


def _netloc(url: SplitResult, port: int | None) -> str:
    login, at, _ = url.netloc.rpartition("@")
    return f"{login}{at}{_bracketed(url.hostname or '')}{f':{port}' if port else ''}"


def is_loopback(name: str) -> bool:
    """Whether a host name means this machine, by itself and without asking a name server."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def check_plain_http(fields: ConnectionFields, url: SplitResult) -> None:
    allowed = fields.flag("allow_http", default=False)
    if url.scheme == "http" and not is_loopback(url.hostname or "") and not allowed:
        fields.refuse(
            "plain http would send the API key unencrypted",
            "write https:// or, in a network you trust, set the extra field allow_http to true",
        )


def login_of(url: SplitResult) -> tuple[str | None, str | None]:
    """User and password of the HTTP basic auth that stands in the URL."""
    user = unquote(url.username) if url.username else None
    return user, unquote(url.password or "") if user else None


def _wsdl_url(fields: ConnectionFields, url: SplitResult) -> str:
    """The WSDL's URL, from itself or from the base URL of the shop; the login is left out."""
    url = url._replace(netloc=url.netloc.rpartition("@")[2])
    path = url.path.rstrip("/")
    if path.lower().endswith(_OTHER_APIS):
        fields.refuse(
            "the address (host) is that of another Magento API than SOAP v2",
            "write the shop's base URL, or the one that ends in /api/v2_soap/?wsdl=1",
        )
    if _names_wsdl(url):
        return urlunsplit(url)
    if not path.lower().endswith(_SOAP_V2):
        path = _front_controller(path) + _SOAP_V2
    return urlunsplit(url._replace(path=f"{path}/", query="&".join(filter(None, ("wsdl=1", url.query)))))


def _names_wsdl(url: SplitResult) -> bool:
    keys = {key.lower() for key, _ in parse_qsl(url.query, keep_blank_values=True)}
    return "wsdl" in keys or url.path.lower().endswith(".wsdl")


def _front_controller(path: str) -> str:
    """The path up to index.php, which is added where it is missing and ends the path where it is not."""
    before, found, _ = path.partition("/index.php")
    return f"{before if found else path}/index.php"
