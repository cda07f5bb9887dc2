"""What a store's WSDL says: which calls there are, where they go, and how a request is written.

zeep reads the WSDL and builds the requests, so that namespace and parameter names are the store's own. In the default
dialect (rpc/encoded) an array is a plain list, in WS-I (document/literal) it hides in `complexObjectArray`; nobody
outside this module needs to know.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import zeep
import zeep.exceptions
from lxml import etree

from include.errors import ConfigError
from include.magento.faults import CallRefused
from include.magento.soap.http import Http, on_same_server

ENCODING_NAMESPACE = "http://schemas.xmlsoap.org/soap/encoding/"
ENCODING_SCHEMA = Path(__file__).with_name("soap_encoding.xsd")
_ALL_ROWS = {"page": 1, "pageSize": 1_000_000}
_OTHER_NAMES = {
    "products": ("productsData", "productIds"),
    "storeView": ("store",),
    "storeId": ("store",),
    "customer": ("customerAddressData", "customerData"),
    "method": ("shippingMethod", "paymentData"),
    "licenses": ("agreements",),
}
"""Parameters that other calls, or WS-I, name otherwise than most calls of the default dialect do."""


_MOST_READ = 4
_read: dict[bytes, Any] = {}
"""Clients of documents that are complete in themselves, by document; zeep only makes requests with them."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter: field, operator (`from`, `to`, `in`, `gt`), value."""

    field: str
    operator: str
    value: str


class Contract:
    """The calls of one store.

    Args:
        wsdl: the document's bytes.
        fetched_from: where it came from after redirects; calls go to the same server.
        http: fetches what the WSDL imports, besides the bundled SOAP-encoding schema.

    Raises:
        ConfigError: the document is no WSDL of a Magento SOAP API, or needs one from another server.
    """

    def __init__(self, wsdl: bytes, *, fetched_from: str, http: Http) -> None:
        _check_is_wsdl(wsdl)
        self._client = _client(wsdl, http, fetched_from)
        self._binding = self._client.service._binding
        # A call whose message the WSDL does not define has no body; the bridge's WS-I document has such.
        usable = {name: call for name, call in self._binding.all().items() if call.input.body is not None}
        self.methods = frozenset(usable)
        self.is_wsi = self._binding.default_style == "document"
        self.url = _same_server(self._client.service._binding_options["address"], fetched_from)
        self._parameters = {name: _parameters(operation) for name, operation in usable.items()}
        if "login" not in self.methods:
            raise ConfigError(
                "The WSDL lists no login call: set the connection's URL to the v2 SOAP API, normally "
                "/index.php/api/v2_soap/?wsdl=1."
            )

    def request(self, method: str, arguments: Mapping[str, object]) -> tuple[bytes, dict[str, str]]:
        """Body and headers of a call; `filters` is a sequence of conditions, unset filters and pagers mean all rows.

        Raises:
            CallRefused: the store's WSDL does not know the method.
            ConfigError: it does not know it with these parameters.
        """
        if method not in self.methods:
            raise CallRefused(f"The store has no call {method}: its version or extensions do not offer it.")
        filled = self._filled(self._parameters[method], arguments)
        try:
            envelope, headers = self._binding._create(method, (), filled, client=self._client)
        except (TypeError, ValueError, zeep.exceptions.Error) as failure:
            raise ConfigError(
                f"The store's WSDL describes {method} in a way this project does not know: its version is not "
                "supported.",
                details=type(failure).__name__,
            ) from None
        return etree.tostring(envelope, xml_declaration=True, encoding="utf-8"), dict(headers)

    def _filled(self, known: frozenset[str], arguments: Mapping[str, object]) -> dict[str, object]:
        """The arguments under this dialect's names, and what zeep wants for those that nobody gave."""
        filled: dict[str, object] = {} if self.is_wsi else dict.fromkeys(known, zeep.xsd.SkipValue)
        filled |= {"pager": _ALL_ROWS} if "pager" in known else {}
        filled |= {"filters": self._filters(arguments.get("filters", ()))} if "filters" in known else {}
        for name, value in arguments.items():
            if name != "filters":
                spelled = next((n for n in (name, *_OTHER_NAMES.get(name, ())) if n in known), name)
                filled[spelled] = self._spelled(value)
        return filled

    def _spelled(self, value: object, *, in_row: bool = False) -> object:
        """A value with every list in it as this dialect writes arrays."""
        if isinstance(value, dict):
            return {name: self._spelled(part, in_row=in_row) for name, part in value.items()}
        if isinstance(value, list):
            return self._array([self._spelled(part, in_row=True) for part in value], in_row=in_row)
        return value

    def _array(self, values: list[object], *, in_row: bool = False) -> object:
        if self.is_wsi:
            return {"complexObjectArray": values}
        # zeep takes a plain list for an array, but not inside the rows of another array.
        return {"_value_1": values} if in_row else values

    def _filters(self, conditions: Any) -> dict[str, object]:
        items: list[object] = [
            {"key": c.field, "value": {"key": c.operator, "value": c.value}} for c in conditions
        ]
        if not items:
            return {}  # zeep refuses None
        return {"complex_filter": self._array(items)}


class _Transport(zeep.Transport):
    """Loads schemas for zeep: the encoding schema from the package, others from the store's own server."""

    def __init__(self, http: Http, fetched_from: str) -> None:
        super().__init__(session=http.session)  # type: ignore[no-untyped-call]  # zeep types only in part
        self._http = http
        self._fetched_from = fetched_from
        self.has_fetched = False

    def load(self, url: str) -> bytes:
        if url.startswith(ENCODING_NAMESPACE.rstrip("/")):
            return ENCODING_SCHEMA.read_bytes()
        self.has_fetched = True
        if not on_same_server(url, self._fetched_from):
            raise ConfigError(
                "The store's WSDL imports a document from another server, which is not fetched: have the import "
                "taken out of it, or placed on the store's own server."
            )
        return self._http.get(url).body


def _client(wsdl: bytes, http: Http, fetched_from: str) -> Any:
    """What zeep made of the document: 50 ms each time, and a chain opens its store two dozen times."""
    if wsdl in _read:
        return _read[wsdl]
    transport = _Transport(http, fetched_from)
    client = _new_client(wsdl, transport)
    if not transport.has_fetched:  # else it is more than this document that it was made of
        while len(_read) >= _MOST_READ:
            _read.pop(next(iter(_read)), None)
        _read[wsdl] = client
    return client


def _new_client(wsdl: bytes, transport: _Transport) -> Any:
    # strict=False: the bridge's WS-I document refers to wishlist elements it does not define.
    settings = zeep.Settings(strict=False, xml_huge_tree=True, raw_response=True)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=r"zeep\.")
            return zeep.Client(io.BytesIO(wsdl), transport=transport, settings=settings)  # type: ignore[no-untyped-call]
    except (zeep.exceptions.Error, etree.LxmlError, ValueError, LookupError) as failure:
        raise ConfigError(
            "The store's WSDL cannot be read: open its address in a browser and look for an error message in it.",
            details=type(failure).__name__,
        ) from None


def _check_is_wsdl(document: bytes) -> None:
    try:
        root = etree.fromstring(
            document.lstrip(), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        )
    except etree.XMLSyntaxError:
        root = None
    if root is None or etree.QName(root).localname != "definitions":
        raise NotWsdl("a web page" if b"<html" in document[:5000].lower() else "no WSDL")


class NotWsdl(Exception):
    """The document at the WSDL's address is something else."""


def _parameters(operation: Any) -> frozenset[str]:
    return frozenset(name for name, _ in operation.input.body.type.elements)


def _same_server(address: str, fetched_from: str) -> str:
    """The path from the WSDL on the server a person named: shops behind a proxy announce inner host names."""
    here, there = urlsplit(fetched_from), urlsplit(address)
    return urlunsplit((here.scheme, here.netloc, there.path, there.query, ""))
