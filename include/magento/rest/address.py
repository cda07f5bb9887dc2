"""Where a Magento 2 store is and how it is entered, as an Airflow connection of type Magento describes it.

The way in follows from what is filled in: an IMS organisation means Adobe's cloud service, a consumer key means
OAuth 1.0a, a login means an admin user, and an access token alone goes as bearer, which Magento refuses by default
since 2.4.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import SplitResult, urlsplit, urlunsplit

from include.magento.address import check_plain_http, is_loopback, login_of, shop_url
from include.magento.connection_fields import ConnectionFields

DEFAULT_TIMEOUT_SECONDS = 120.0
"""A page of orders takes 3 s on a small shop and ten times as long on a large one."""
_REST = "/rest"
_IMS_URL = "https://ims-na1.adobelogin.com/ims/token/v3"
_IMS_SCOPE = (
    "openid,AdobeID,email,profile,additional_info.roles,additional_info.projectedProductContext,commerce.accs"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BearerToken:
    """The access token of an integration, as it is."""

    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthKeys:
    """The four keys of an integration; every request is signed with them."""

    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    token: str = field(repr=False)
    token_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminLogin:
    """An admin user; the token it gets lasts an hour or four, and is fetched again when it ends."""

    user: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImsClient:
    """A server-to-server credential of Adobe's identity service, for Adobe Commerce as a Cloud Service."""

    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)
    organisation: str = field(repr=False)
    url: str = _IMS_URL
    scope: str = _IMS_SCOPE


Credentials: TypeAlias = BearerToken | OAuthKeys | AdminLogin | ImsClient


@dataclass(frozen=True, slots=True, kw_only=True)
class RestAddress:
    """Everything that is needed to enter a store over REST.

    Attributes:
        url: what stands before the store code and `V1`: ends in /rest, or in the tenant of the cloud service.
        credentials: who we are.
        http_user, http_password: login of an HTTP basic auth in front of the store, or None.
        verify_tls: True, False, or the path of a CA bundle.
        timeout_seconds: limit of every call.
    """

    url: str
    credentials: Credentials = field(repr=False)
    http_user: str | None = field(default=None, repr=False)
    http_password: str | None = field(default=None, repr=False)
    verify_tls: bool | str = True
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS

    @property
    def is_cloud_service(self) -> bool:
        """Whether store codes go in a header instead of the URL."""
        return isinstance(self.credentials, ImsClient)

    @property
    def shop(self) -> str:
        """The shop's own address, in front of its API."""
        return self.url.removesuffix(_REST).removesuffix("/index.php")


def rest_address_from_connection(
    *,
    conn_id: str,
    host: str | None,
    port: int | None,
    schema: str | None,
    login: str | None,
    password: str | None,
    extra: Mapping[str, Any],
) -> RestAddress:
    """The address that these fields of an Airflow connection mean.

    Args:
        conn_id: id of the connection, for messages.
        host: base URL of the shop or of its REST API, or a bare host name.
        port: port, where it is not in the URL.
        schema: path, or http or https: what Airflow's URI form makes of the part behind the host.
        login: admin user, or the client id of Adobe's identity service; else blank.
        password: access token of the integration, the admin's password, or the client secret.
        extra: consumer_key, consumer_secret, token_secret, ims_organisation, ims_url, ims_scope, http_user,
            http_password, verify_tls, ca_bundle, timeout_seconds, allow_http.

    Raises:
        ConfigError: a field is missing or wrong; the sentence names connection, field and mend, never a value.
    """
    fields = ConnectionFields(conn_id, extra)
    url = shop_url(fields, host, port, schema)
    check_plain_http(fields, url)
    url_user, url_password = login_of(url)
    credentials = _credentials(fields, login, password)
    http_user = fields.text("http_user") or url_user
    if http_user and not isinstance(credentials, OAuthKeys):
        fields.refuse(
            "HTTP basic auth and a token cannot go in one request, since both need the same header",
            "fill in consumer_key, consumer_secret and token_secret of the integration, which can go in the URL, or "
            "have the web server let the path /rest through",
        )
    return RestAddress(
        url=_api_url(url, is_cloud_service=isinstance(credentials, ImsClient)),
        credentials=credentials,
        http_user=http_user,
        http_password=fields.text("http_password") or url_password,
        verify_tls=fields.verify_tls(),
        timeout_seconds=fields.timeout_seconds(DEFAULT_TIMEOUT_SECONDS),
    )


def _credentials(fields: ConnectionFields, login: str | None, password: str | None) -> Credentials:
    if organisation := fields.text("ims_organisation"):
        return ImsClient(
            client_id=fields.required(login, "client id (login)", "the client id of the Adobe credential"),
            client_secret=fields.required(password, "client secret (password)", "the client secret of it"),
            organisation=organisation.strip(),
            url=_ims_url(fields),
            scope=(fields.text("ims_scope") or _IMS_SCOPE).strip(),
        )
    if key := fields.text("consumer_key"):
        return OAuthKeys(
            consumer_key=key.strip(),
            consumer_secret=_secret(fields, "consumer_secret"),
            token=fields.required(password, "access token (password)", "the access token of the integration"),
            token_secret=_secret(fields, "token_secret"),
        )
    if login and login.strip():
        return AdminLogin(
            user=login.strip(),
            password=fields.required(password, "password", "the password of the admin user"),
        )
    return BearerToken(
        token=fields.required(password, "access token (password)", "the access token of the integration")
    )


def _secret(fields: ConnectionFields, name: str) -> str:
    what = "it from the integration in the store's admin (System > Integrations)"
    return fields.required(fields.text(name), f"extra field {name}", what)


def _ims_url(fields: ConnectionFields) -> str:
    url = (fields.text("ims_url") or _IMS_URL).strip()
    parts = urlsplit(url)
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        fields.refuse("the extra field ims_url is no https address", "take it out unless Adobe gave you one")
    return url


def _api_url(url: SplitResult, *, is_cloud_service: bool) -> str:
    """Up to and with /rest; a store code and /V1 behind it are left out, as is the login."""
    url = url._replace(netloc=url.netloc.rpartition("@")[2], query="")
    path = url.path.rstrip("/")
    if is_cloud_service:
        return urlunsplit(url._replace(path=path.removesuffix("/V1")))
    before, _, _ = f"{path}/".partition(f"{_REST}/")
    return urlunsplit(url._replace(path=before.rstrip("/") + _REST))
