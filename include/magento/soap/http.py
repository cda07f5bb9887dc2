"""One HTTP exchange with a store, and what its failure means.

`Passing` is worth another try; everything else ends at once in a ConfigError that says what a person must do. Which of
the two a refused connection is depends on the moment: while the door is being opened it is a wrong address, later a
store that restarts. Addresses in messages carry no user, password or query.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import requests
import requests.auth
import urllib3.exceptions

from include.errors import ConfigError
from include.magento import reply_headers
from include.magento.address import StoreAddress, is_loopback
from include.magento.faults import CallFailed
from include.magento.passing import Passing, origin

LONGEST_ANSWER = 32 << 20
"""Bytes of one answer: parsed it takes ten times as much, and the core lists have no paging of their own."""
_CHUNK = 1 << 16
_CONNECT_SECONDS = 10.0
# A drip-feeding server never trips the read timeout, which counts from byte to byte.
_WHOLE_ANSWER_TIMEOUTS = 10


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, body and date of one exchange; `url` is where it ended after redirects."""

    status: int
    body: bytes
    date: datetime | None
    url: str


class Http:
    """Sends to one store with its credentials, its idea of TLS and a time limit on everything."""

    def __init__(self, address: StoreAddress, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._address = address
        self._clock = clock
        self.session: requests.Session = _OneServer(address.wsdl_url)
        # A proxy of the environment cannot reach this machine's own loopback.
        self.session.trust_env = not is_loopback(urlsplit(address.wsdl_url).hostname or "")
        if address.http_user:
            self.session.auth = _OwnServerAuth(address)

    def get(self, url: str) -> Reply:
        """Fetch a document, following redirects on the same server; others are a ConfigError."""
        return self._exchange("GET", url)

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> Reply:
        """Send a request; a redirect is an error, since it would turn the POST into a GET.

        Raises:
            CallFailed: the answer is too long to be held.
        """
        return self._exchange("POST", url, data=body, headers=headers)

    def close(self) -> None:
        """Give the connections back."""
        self.session.close()

    def _exchange(
        self, verb: str, url: str, *, data: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Reply:
        timeout = self._address.timeout_seconds
        try:
            with closing(
                self.session.request(
                    verb,
                    url,
                    data=data,
                    headers=headers,
                    timeout=(min(_CONNECT_SECONDS, timeout), timeout),
                    allow_redirects=verb == "GET",
                    verify=self._address.verify_tls,
                    stream=True,
                )
            ) as response:
                body = self._body(response, timeout)
        except requests.RequestException as failure:
            raise _meaning(failure, url, timeout) from None
        except OSError as failure:
            # requests reports a CA file that is not there as a bare OSError, before it connects.
            raise ConfigError(
                "The CA file named for TLS verification cannot be read: correct its path in the connection.",
                details=type(failure).__name__,
            ) from None
        _refuse_status(response, url, engine_faults=verb == "POST")
        return Reply(response.status_code, body, reply_headers.date(response.headers), response.url)

    def _body(self, response: requests.Response, timeout: float) -> bytes:
        deadline = self._clock() + timeout * _WHOLE_ANSWER_TIMEOUTS
        chunks: list[bytes] = []
        size = 0
        for chunk in response.iter_content(_CHUNK):
            chunks.append(chunk)
            size += len(chunk)
            if size > LONGEST_ANSWER:
                raise _too_long()
            if self._clock() > deadline:
                raise Passing(f"was still sending one answer after {timeout * _WHOLE_ANSWER_TIMEOUTS:.0f} s")
        return b"".join(chunks)


def _too_long() -> CallFailed:
    """Not worth another try, but fewer records may be asked for."""
    return CallFailed(
        f"The store sends more than {LONGEST_ANSWER >> 20} MB in one answer: set a smaller page_size in the channel's "
        "file."
    )


class _OneServer(requests.Session):
    """Follows redirects on the server of one URL only: the next thing sent there would be the API key."""

    def __init__(self, own_url: str) -> None:
        super().__init__()
        self._own_url = own_url

    def rebuild_auth(self, prepared_request: requests.PreparedRequest, response: requests.Response) -> None:
        """Called by requests before it follows a redirect."""
        if not on_same_server(prepared_request.url or "", self._own_url):
            raise ConfigError(_REFUSALS[301].format(origin=origin(self._own_url)))
        # Leaves the login out where TLS ends.
        super().rebuild_auth(prepared_request, response)  # type: ignore[no-untyped-call]


class _OwnServerAuth(requests.auth.HTTPBasicAuth):
    """HTTP basic auth that goes to the connection's own server and nowhere else."""

    def __init__(self, address: StoreAddress) -> None:
        super().__init__(address.http_user or "", address.http_password or "")
        self._own_url = address.wsdl_url

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        url = request.url or ""
        leaves_tls = self._own_url.startswith("https:") and not url.startswith("https:")
        if leaves_tls or not on_same_server(url, self._own_url):
            return request
        signed: requests.PreparedRequest = super().__call__(request)  # type: ignore[no-untyped-call]
        return signed


def on_same_server(url: str, own_url: str) -> bool:
    """Same scheme, host and port; the two standard ports of one host count as one server."""
    there, here = (_server(u) for u in (url, own_url))
    standard = {("http", 80), ("https", 443)}
    return there == here or (there[0] == here[0] and {there[1:], here[1:]} <= standard)


def _server(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:  # no number, or too great a one: nobody's port
        port = -1
    return parts.hostname or "", parts.scheme, port or {"http": 80, "https": 443}.get(parts.scheme)


def _meaning(failure: requests.RequestException, url: str, timeout: float) -> Passing | ConfigError:
    """The error for an exchange that had no answer."""
    if isinstance(failure, requests.exceptions.SSLError) and "EOF" not in str(failure):
        return ConfigError(
            f"TLS with {origin(url)} fails: have the store's certificate mended, or name its CA file under TLS "
            "verification (verify_tls) in the connection.",
            details="certificate" if "certificate" in str(failure).lower() else "handshake",
        )
    if isinstance(failure, requests.exceptions.ConnectTimeout):
        return Passing(f"accepts no connection at {origin(url)}", may_have_acted=False)
    if isinstance(failure, requests.exceptions.Timeout):
        return Passing(f"did not answer within {timeout:.0f} s")
    if isinstance(failure, requests.exceptions.ConnectionError):
        return _no_connection(failure, url)
    if isinstance(
        failure, (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError)
    ):
        return Passing("broke off in the middle of an answer")
    if isinstance(failure, requests.exceptions.TooManyRedirects):
        return ConfigError(
            f"{origin(url)} redirects in a circle: set the connection to the store's final address."
        )
    return ConfigError("The connection's URL is not an address: write it like https://shop.example.com/.")


def _no_connection(failure: requests.exceptions.ConnectionError, url: str) -> Passing:
    first = failure.args[0] if failure.args else None
    if isinstance(first, urllib3.exceptions.ReadTimeoutError):
        return Passing("stopped in the middle of an answer")
    cause = getattr(first, "reason", None)
    if isinstance(cause, urllib3.exceptions.NameResolutionError) or isinstance(
        failure.__cause__, socket.gaierror
    ):
        return Passing(f"cannot be found under the name of {origin(url)}", unreachable=True)
    if isinstance(cause, urllib3.exceptions.NewConnectionError):
        return Passing(f"does not accept connections at {origin(url)}", unreachable=True)
    return Passing("broke off the connection")


def _refuse_status(response: requests.Response, url: str, *, engine_faults: bool) -> None:
    """Raise for a status that is no answer; to a call, 500 is one, since engine faults come with it."""
    status = response.status_code
    if status < 300 or (status == 500 and engine_faults):
        return
    if status in (408, 425, 429) or status >= 500:
        # Too many calls are counted before they are made; a 5xx may come of a gateway that lost patience.
        raise Passing(
            f"answered HTTP {status}",
            wait=reply_headers.retry_after(response.headers),
            may_have_acted=status != 429,
        )
    raise ConfigError(_REFUSALS.get(status, _REFUSALS[0]).format(origin=origin(url), status=status))


_REFUSALS = {
    0: "{origin} answers HTTP {status} where the SOAP API should be: check the URL of the connection.",
    401: "The web server in front of {origin} wants a user and password: fill in HTTP basic auth in the connection.",
    403: "The web server in front of {origin} forbids the access: allow this machine's address, or correct HTTP basic "
    "auth in the connection.",
    404: "There is no SOAP API at the address of the connection ({origin} answers HTTP 404): check its path, normally "
    "/index.php/api/v2_soap/?wsdl=1.",
    301: "{origin} redirects calls to another address: set the connection's URL to the final one.",
}
_REFUSALS.update(dict.fromkeys((302, 303, 307, 308), _REFUSALS[301]))
