"""zeep's own way from an answer to objects, for comparison: what a naive extractor would use."""

from __future__ import annotations

import io
from typing import Any

import requests
import zeep
from zeep.transports import Transport

from include.demo_store.wire.wsdl import wsdl
from include.magento.soap.contract import ENCODING_NAMESPACE, ENCODING_SCHEMA


class _Offline(Transport):
    def load(self, url: str) -> bytes:
        """The bundled schema in place of the one on the internet."""
        if url.rstrip("/") == ENCODING_NAMESPACE.rstrip("/"):
            return ENCODING_SCHEMA.read_bytes()
        raise RuntimeError("a benchmark does not load anything from a network")


class ZeepReader:
    """Reads answers to one call of the demo store's WSDL."""

    def __init__(self, method: str) -> None:
        document = io.BytesIO(wsdl("http://127.0.0.1/", bridge=True))
        self._client = zeep.Client(document, transport=_Offline())
        self._binding = self._client.service._binding
        self._operation = self._binding.get(method)

    def read(self, body: bytes) -> Any:
        """Objects of the answer."""
        response = requests.Response()
        response.status_code = 200
        response.headers["Content-Type"] = "text/xml; charset=utf-8"
        response._content = body
        return self._binding.process_reply(self._client, self._operation, response)
