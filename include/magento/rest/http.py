"""One HTTP exchange with a Magento 2 store, and what its failure means.

An answer is JSON or it is none: maintenance pages, firewalls and gateways answer in HTML, whatever their status says.
`Passing` is worth another try; everything else is an answer, or ends in an error that says what a person must do.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import httpx

from include.errors import ConfigError
from include.magento import reply_headers
from include.magento.address import is_loopback
from include.magento.faults import CallFailed
from include.magento.passing import Passing, origin
from include.magento.rest.address import RestAddress
from include.magento.rest.authentication import authentication_of

LONGEST_ANSWER = 64 << 20
"""Bytes of one answer, unpacked: 100 orders are under one megabyte, so this is a page of another kind."""
_CONNECT_SECONDS = 10.0
# A drip-feeding server never trips the read timeout, which counts from byte to byte.
_WHOLE_ANSWER_TIMEOUTS = 10
_BUSY = (408, 425, 429, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and body of one exchange, and when the store sent it.

    Attributes:
        is_json: whether the body is meant for programs; an HTML page is not an answer.
    """

    status: int
    body: bytes
    is_json: bool
    date: datetime | None


class Http:
    """Sends to one store with its credentials, its idea of TLS and a time limit on everything."""

    def __init__(
        self,
        address: RestAddress,
        *,
        clock: Callable[[], float] = time.monotonic,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._address = address
        self._clock = clock
        timeout = address.timeout_seconds
        self._client = httpx.Client(
            auth=authentication_of(address),
            timeout=httpx.Timeout(timeout, connect=min(_CONNECT_SECONDS, timeout)),
            verify=_verification(address),
            # A proxy of the environment cannot reach this machine's own loopback.
            trust_env=not is_loopback(urlsplit(address.url).hostname or ""),
            headers={"Accept": "application/json"},
            transport=transport,
        )

    def send(
        self, verb: str, url: str, *, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Reply:
        """One request, with a body of JSON where there is one.

        Raises:
            Passing: nobody answers, or not with an answer; another try may help.
            CallFailed: the answer is too long to be held.
            ConfigError: address, TLS or a redirect have to be mended by a person.
        """
        told = {**(headers or {}), **({} if body is None else {"Content-Type": "application/json"})}
        try:
            with self._client.stream(verb, url, content=body, headers=told) as response:
                reply = Reply(
                    response.status_code,
                    self._body(response),
                    _is_json(response),
                    reply_headers.date(response.headers),
                )
        except httpx.HTTPError as failure:
            raise self._meaning(failure) from None
        self._refuse_page(reply, response)
        return reply

    def page(self, url: str) -> str | None:
        """The text at a URL of the shop that is no part of its API; None where there is none."""
        try:
            response = self._client.get(url, auth=None)
        except httpx.HTTPError:
            return None
        return response.text if response.status_code == 200 else None

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def _body(self, response: httpx.Response) -> bytes:
        limit = self._address.timeout_seconds * _WHOLE_ANSWER_TIMEOUTS
        deadline, size, chunks = self._clock() + limit, 0, []
        for chunk in response.iter_bytes():
            chunks.append(chunk)
            size += len(chunk)
            if size > LONGEST_ANSWER:
                raise CallFailed(
                    f"The store sends more than {LONGEST_ANSWER >> 20} MB in one answer: set a smaller page_size in "
                    "the channel's file."
                )
            if self._clock() > deadline:
                raise Passing(f"was still sending one answer after {limit:.0f} s")
        return b"".join(chunks)

    def _refuse_page(self, reply: Reply, response: httpx.Response) -> None:
        """Raise where a web server, a firewall or a gateway has answered instead of Magento."""
        here, status = origin(self._address.url), reply.status
        if 300 <= status < 400:
            raise ConfigError(
                f"{here} redirects calls to another address: set the connection's URL to the final one."
            )
        if status in _BUSY:
            raise Passing(
                f"answered HTTP {status}",
                wait=reply_headers.retry_after(response.headers),
                may_have_acted=status != 429,
            )
        if reply.is_json:
            return
        if status == 401 and "basic" in response.headers.get("WWW-Authenticate", "").lower():
            raise ConfigError(
                f"The web server in front of {here} wants a user and password: fill in HTTP basic auth in the "
                "connection."
            )
        if status == 403:
            raise ConfigError(
                f"A firewall or the web server in front of {here} forbids the access: have it let this machine and "
                "the path of the REST API through."
            )
        if status in (404, 405, 406):
            raise ConfigError(
                f"There is no REST API at the address of the connection ({here} answers HTTP {status}): check its "
                "path, and try it with /index.php/rest at its end."
            )
        if status != 414:
            raise Passing(f"answered HTTP {status} with a web page")

    def _meaning(self, failure: httpx.HTTPError) -> Passing | ConfigError:
        """The error for an exchange that had no answer."""
        here, timeout = origin(self._address.url), self._address.timeout_seconds
        if isinstance(failure.__cause__, ssl.SSLError) or "CERTIFICATE" in str(failure):
            return ConfigError(
                f"TLS with {here} fails: have the store's certificate mended, or name its CA file under TLS "
                "verification (verify_tls) in the connection."
            )
        if isinstance(failure, httpx.ConnectTimeout):
            return Passing(f"accepts no connection at {here}", may_have_acted=False)
        if isinstance(failure, httpx.TimeoutException):
            return Passing(f"did not answer within {timeout:.0f} s")
        if isinstance(failure, httpx.ConnectError):
            return Passing(f"does not accept connections at {here}", unreachable=True)
        if isinstance(failure, httpx.TransportError | httpx.DecodingError):
            return Passing("broke off the connection")
        return ConfigError("The connection's URL is not an address: write it like https://shop.example.com/.")


def _verification(address: RestAddress) -> ssl.SSLContext | bool:
    if isinstance(address.verify_tls, bool):
        return address.verify_tls
    try:
        return ssl.create_default_context(cafile=address.verify_tls)
    except OSError:
        raise ConfigError(
            "The CA file named for TLS verification cannot be read: correct its path in the connection."
        ) from None


def _is_json(response: httpx.Response) -> bool:
    return "json" in response.headers.get("Content-Type", "").lower()
