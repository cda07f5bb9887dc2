"""Breaks off or delays every n-th request the way shops under load, firewalls and proxies do.

To add a way: a coroutine that takes the ASGI `send`, and its place in `WAYS` or `REST_WAYS`.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import Any

from include.demo_store.settings import StoreSettings

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]


async def _reply(send: Send, status: int, content_type: bytes, body: bytes) -> None:
    headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def service_unavailable(send: Send) -> None:
    """A web server whose PHP workers are all busy."""
    await _reply(send, 503, b"text/html", b"<html><body>Service Temporarily Unavailable</body></html>")


async def html_page(send: Send) -> None:
    """A firewall's check page, with HTTP 200."""
    await _reply(send, 200, b"text/html", b"<html><body>Checking your browser before accessing</body></html>")


async def truncated_body(send: Send) -> None:
    """An answer that ends in the middle although HTTP is content."""
    await _reply(send, 200, b"text/xml; charset=UTF-8", b'<?xml version="1.0"?><SOAP-ENV:Envelope')


async def truncated_json(send: Send) -> None:
    """The same of an answer over REST."""
    await _reply(send, 200, b"application/json; charset=utf-8", b'{"items":[{"entity_id":')


async def internal_error(send: Send) -> None:
    """Magento's own masked error."""
    said = b'{"message":"Internal Error. Details are available in Magento log file. Report ID: webapi-demo"}'
    await _reply(send, 500, b"application/json; charset=utf-8", said)


async def hang_up(send: Send) -> None:
    """A connection that closes without a byte."""
    # ASGI has no word for this; uvicorn's cycle, whose bound method `send` is, holds the transport.
    send.__self__.transport.abort()  # type: ignore[attr-defined]
    await asyncio.sleep(0.01)


WAYS = (service_unavailable, html_page, truncated_body, hang_up)
REST_WAYS = (service_unavailable, html_page, internal_error, truncated_json, hang_up)
_CALLS_OVER_REST = ("/rest/", "/index.php/rest/")


class Misbehaviour:
    """ASGI middleware that spoils or delays every n-th call; the WSDL and the control endpoint are left alone.

    Args:
        app: what answers the other requests.
        settings: how often calls are broken off or slow.
    """

    def __init__(self, app: App, settings: StoreSettings) -> None:
        self._app = app
        self._every = settings.fail_every
        self._slow_every, self._slow_seconds = settings.slow_every, settings.slow_seconds
        self._count, self._slow_count = itertools.count(1), itertools.count(1)
        self._is_rest = settings.kind == "magento2"
        self._ways = itertools.cycle(REST_WAYS if self._is_rest else WAYS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or breaks it off."""
        is_call = scope["type"] == "http" and self._is_call(scope["method"], scope["path"])
        if is_call and self._slow_every and next(self._slow_count) % self._slow_every == 0:
            await asyncio.sleep(self._slow_seconds)
        if is_call and self._every and next(self._count) % self._every == 0:
            await _read(receive)
            await next(self._ways)(send)
            return
        await self._app(scope, receive, send)

    def _is_call(self, method: str, path: str) -> bool:
        if self._is_rest:
            return path.startswith(_CALLS_OVER_REST)
        return method == "POST" and not path.startswith("/_demo")


async def _read(receive: Receive) -> None:
    while (await receive()).get("more_body"):
        pass
