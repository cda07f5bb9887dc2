"""How each request shows who we are: a bearer token, an OAuth signature, or a token fetched for a login.

httpx asks these anew for every request, retries included. A token that was fetched is fetched again once when the
store refuses it, since it may have run out; the second refusal stands.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Generator
from urllib.parse import urlsplit

import httpx

from include.errors import ConfigError
from include.magento.passing import Passing, origin
from include.magento.rest.address import AdminLogin, BearerToken, ImsClient, OAuthKeys, RestAddress
from include.magento.rest.faults import message_of
from include.magento.rest.oauth import Signer

Flow = Generator[httpx.Request, httpx.Response, None]


def authentication_of(address: RestAddress) -> httpx.Auth:
    """The way in that fits the credentials."""
    match address.credentials:
        case BearerToken(token=token):
            return _Bearer(token)
        case OAuthKeys() as keys:
            return _Signed(keys, _basic(address))
        case AdminLogin() as login:
            return _AdminToken(login, address.url)
        case ImsClient() as client:
            return _ImsToken(client)


def _basic(address: RestAddress) -> str | None:
    if not address.http_user:
        return None
    login = f"{address.http_user}:{address.http_password or ''}"
    told = base64.b64encode(login.encode()).decode()
    return "Basic " + (told if told.endswith("=") else f"{told}=")


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Flow:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


class _Signed(httpx.Auth):
    """Signed anew for every request.

    Behind an HTTP basic auth both have to go in one header. Web servers stop reading the login at its padding, and
    Magento reads what follows `OAuth`; releases that want the header to begin with it find the signature in the query,
    which the others leave out of what they check.
    """

    def __init__(self, keys: OAuthKeys, basic: str | None) -> None:
        self._signer = Signer(keys)
        self._basic = basic

    def auth_flow(self, request: httpx.Request) -> Flow:
        signature = self._signer.sign(request.method, str(request.url))
        if self._basic is None:
            request.headers["Authorization"] = signature.header
        else:
            request.headers["Authorization"] = f"{self._basic}, {signature.header}"
            request.url = httpx.URL(signature.url)
        yield request


class _Fetched(httpx.Auth):
    """A token that is fetched before the first request, and again when it is refused."""

    def __init__(self) -> None:
        self._token: str | None = None

    def auth_flow(self, request: httpx.Request) -> Flow:
        is_fresh = self._token is None
        if is_fresh:
            self._token = self._read((yield self._login_for(request)))
        self._show(request)
        response = yield request
        if response.status_code == httpx.codes.UNAUTHORIZED and not is_fresh:
            self._token = self._read((yield self._login_for(request)))
            self._show(request)
            yield request

    def _login_for(self, request: httpx.Request) -> httpx.Request:
        """Within the time limits of the request it is made for: httpx gives one made by hand none at all."""
        login = self._token_request()
        login.extensions = request.extensions
        return login

    def _show(self, request: httpx.Request) -> None:
        request.headers["Authorization"] = f"Bearer {self._token}"

    def _token_request(self) -> httpx.Request:
        raise NotImplementedError

    def _read(self, response: httpx.Response) -> str:
        response.read()
        if response.status_code >= 500 or response.status_code == 429:
            raise Passing(f"answered HTTP {response.status_code} to the login", may_have_acted=False)
        if response.status_code != 200:
            raise self._refused(response)
        token = self._token_in(response)
        if not token:
            raise Passing("answered the login without a token", may_have_acted=False)
        return token

    def _token_in(self, response: httpx.Response) -> str | None:
        raise NotImplementedError

    def _refused(self, response: httpx.Response) -> ConfigError:
        raise NotImplementedError


class _AdminToken(_Fetched):
    def __init__(self, login: AdminLogin, url: str) -> None:
        super().__init__()
        self._login = login
        self._url = f"{url}/V1/integration/admin/token"

    def _token_request(self) -> httpx.Request:
        body = {"username": self._login.user, "password": self._login.password}
        return httpx.Request("POST", self._url, json=body, headers={"Accept": "application/json"})

    def _token_in(self, response: httpx.Response) -> str | None:
        try:
            token = json.loads(response.content)
        except ValueError:
            return None
        return token if isinstance(token, str) else None

    def _refused(self, response: httpx.Response) -> ConfigError:
        message = message_of(response.content)
        if message is None:
            return ConfigError(
                f"Magento's login is not at the address of the connection ({origin(self._url)} answers HTTP "
                f"{response.status_code}): check its path, and that the web server or firewall in front of it lets "
                "this machine through."
            )
        if "2FA" in message:
            return ConfigError(
                "The store wants a second factor of the admin user, which no program has: make an integration in its "
                "admin (System > Integrations) and give the connection its four keys."
            )
        return ConfigError(
            "The store refuses the login of the admin user: check login and password of the connection, and that the "
            "account is neither locked nor inactive."
        )


class _ImsToken(_Fetched):
    def __init__(self, client: ImsClient) -> None:
        super().__init__()
        self._client = client

    def _show(self, request: httpx.Request) -> None:
        super()._show(request)
        request.headers["x-api-key"] = self._client.client_id
        request.headers["x-gw-ims-org-id"] = self._client.organisation

    def _token_request(self) -> httpx.Request:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._client.client_id,
            "client_secret": self._client.client_secret,
            "scope": self._client.scope,
        }
        return httpx.Request("POST", self._client.url, data=form, headers={"Accept": "application/json"})

    def _token_in(self, response: httpx.Response) -> str | None:
        try:
            token = json.loads(response.content).get("access_token")
        except (ValueError, AttributeError):
            return None
        return token if isinstance(token, str) else None

    def _refused(self, response: httpx.Response) -> ConfigError:
        place = urlsplit(origin(self._client.url)).hostname
        return ConfigError(
            f"Adobe's identity service ({place}) refuses the client id or its secret: check both, and the scopes of "
            "the credential in the Adobe Developer Console.",
            details=f"HTTP {response.status_code}",
        )
