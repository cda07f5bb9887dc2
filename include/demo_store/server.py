"""The demo store over HTTP on loopback: SOAP and WSDL, or REST, and the control endpoint.

The routes hand bytes to an endpoint and bytes back; no models, no threads: a page is joined in less time than
a switch to a worker thread and back would save.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.middleware.gzip import GZipMiddleware

from include.demo_store.clock import http_date
from include.demo_store.control import control
from include.demo_store.endpoint import SoapEndpoint
from include.demo_store.misbehaviour import App, Misbehaviour
from include.demo_store.rest.endpoint import RestEndpoint
from include.demo_store.rest.request import RestRequest
from include.demo_store.settings import StoreSettings
from include.demo_store.shop import Shop
from include.demo_store.wire.envelope import URN
from include.demo_store.wire.wsdl import wsdl
from include.demo_store.wire.wsi_wsdl import wsi_wsdl

LOOPBACK = "127.0.0.1"
SOAP_PATH = "/index.php/api/v2_soap"
REST_PATH = "/rest"
_XML = "text/xml; charset=utf-8"


def application(shop: Shop, settings: StoreSettings) -> App:
    """The ASGI application of one shop."""
    make = rest_application if settings.kind == "magento2" else soap_application
    return Misbehaviour(make(shop, settings), settings)


def soap_application(shop: Shop, settings: StoreSettings) -> App:
    """The shop as a Magento 1."""
    app = FastAPI(title="Demo store", openapi_url=None)
    endpoint = SoapEndpoint(shop, settings)

    def dated(status: int, body: bytes, media_type: str = _XML) -> Response:
        return Response(body, status, {"Date": http_date(shop.now() + settings.date_skew)}, media_type)

    app.include_router(control(shop))

    @app.post(SOAP_PATH + "/index/")
    @app.post(SOAP_PATH + "/")
    @app.post(SOAP_PATH)
    async def call(request: Request) -> Response:
        answer = dated(*endpoint.answer(await request.body()))
        asyncio.get_running_loop().call_soon(_work_ahead, endpoint)
        return answer

    @app.get("/{path:path}")
    async def describe(request: Request) -> Response:
        if "wsdl" not in request.url.query:
            return dated(404, b"not found", "text/plain")
        address = f"{request.url.scheme}://{request.url.netloc}{SOAP_PATH}/index/"
        document = (wsi_wsdl if settings.wsi else wsdl)(address, settings.bridge)
        return dated(200, document.replace(URN.encode(), settings.namespace.encode()))

    return app


def rest_application(shop: Shop, settings: StoreSettings) -> App:
    """The shop as a Magento 2."""
    app = FastAPI(title="Demo store", openapi_url=None)
    endpoint = RestEndpoint(shop, settings)
    app.include_router(control(shop))

    @app.get("/_demo/asked")
    def asked() -> dict[str, int]:
        return dict(endpoint.asked)

    if settings.compressed:
        app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=1)

    @app.api_route("/{path:path}", methods=["GET", "POST", "PUT", "DELETE"])
    async def call(request: Request) -> Response:
        status, media_type, body = endpoint.answer(await _received(request))
        asyncio.get_running_loop().call_soon(_work_ahead, endpoint)
        headers = {"Date": http_date(shop.now() + settings.date_skew), "Cache-Control": "no-store"}
        return Response(body, status, headers, media_type)

    return app


async def _received(request: Request) -> RestRequest:
    headers = request.headers
    return RestRequest(
        method=request.method,
        path=request.scope["raw_path"].decode(),
        raw_query=request.scope["query_string"].decode(),
        host=headers.get("host", ""),
        authorization=headers.get("authorization", ""),
        content_type=headers.get("content-type", ""),
        body=await request.body(),
    )


def _work_ahead(endpoint: SoapEndpoint | RestEndpoint) -> None:
    """A millisecond's work between events, again and again while there is some."""
    if endpoint.work_ahead():
        asyncio.get_running_loop().call_soon(_work_ahead, endpoint)


def listen(port: int) -> socket.socket:
    """A socket on loopback; port 0 takes a free one."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((LOOPBACK, port))
    return listener


def store_url(listener: socket.socket, settings: StoreSettings) -> str:
    """What clients of a store that listens there are told: its WSDL, or where it speaks REST."""
    path = REST_PATH if settings.kind == "magento2" else f"{SOAP_PATH}/?wsdl=1"
    return f"http://{LOOPBACK}:{listener.getsockname()[1]}{path}"


class StoreServer(uvicorn.Server):
    """uvicorn that says when it accepts calls and ends with status 0 when told to stop."""

    def __init__(self, app: App, announce: Callable[[], None]) -> None:
        config = uvicorn.Config(
            app, log_level="warning", date_header=False, server_header=False, lifespan="off"
        )
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts to listen and announces it."""
        await super().startup(sockets)
        if self.started:
            self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stops; the signal that asked for it has been served and is not raised again."""
        await super().shutdown(sockets)
        self._captured_signals.clear()
