"""A store that answers what a test tells it to, call by call, over real HTTP on the loopback.

For what the recorded store cannot do: poisoned records, slow answers, odd status codes, sessions that never last.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from lxml import etree

from include.magento.address import StoreAddress

Arguments = dict[str, str]
DATE = "Sun, 22 Nov 2026 06:00:00 GMT"


@dataclass(frozen=True)
class Raw:
    """An HTTP answer; a `body` of None hangs up instead."""

    body: bytes | None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Reply = Raw | str
Script = Callable[[Arguments], Reply]


def fault(code: str, text: str = "Something the store says.", status: int = 200) -> Raw:
    body = f"<SOAP-ENV:Fault>\n<faultcode>{code}</faultcode>\n<faultstring>{text}</faultstring>\n</SOAP-ENV:Fault>"
    return Raw(envelope(body), status)


def rows(*records: dict[str, Any]) -> str:
    """The result of a list call."""
    items = "\n".join(f"<item xsi:type='ns1:row'>{_fields(record)}</item>" for record in records)
    return f'<result SOAP-ENC:arrayType="ns1:row[{len(records)}]" xsi:type="ns1:rowArray">\n{items}</result>'


def record(fields: dict[str, Any]) -> str:
    """The result of a call about one record."""
    return f"<result xsi:type='ns1:row'>{_fields(fields)}</result>"


def envelope(body: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns1="urn:Magento" '
        'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/">\n'
        f"<SOAP-ENV:Body>\n{body}\n</SOAP-ENV:Body>\n</SOAP-ENV:Envelope>"
    ).encode()


def _fields(fields: dict[str, Any]) -> str:
    return "".join(f'<{name} xsi:type="xsd:string">{value}</{name}>' for name, value in fields.items())


class ScriptedStore:
    """The script and what was asked: `calls` holds (method, arguments) in order, logins included."""

    PARAMETERS: ClassVar[dict[str, tuple[str, ...]]] = {
        "login": ("username", "apiKey"),
        "endSession": ("sessionId",),
        "magentoInfo": ("sessionId",),
        "storeList": ("sessionId",),
        "salesOrderList": ("sessionId", "filters"),
        "salesOrderInfo": ("sessionId", "orderIncrementId"),
        "oroOrderList": ("sessionId", "filters", "pager"),
        "oroQuoteList": ("sessionId", "filters", "pager"),
    }

    def __init__(self) -> None:
        self.calls: list[tuple[str, Arguments]] = []
        self.wsdl: Raw | None = None
        self.date = DATE
        self.parameters = dict(self.PARAMETERS)
        self.keeps_connections = True
        self.authorizations: list[str | None] = []
        self.scripts: dict[str, Script] = {
            "login": lambda _: f"<loginReturn>session-{len(self.named('login'))}</loginReturn>",
            "endSession": lambda _: "<endSessionReturn>true</endSessionReturn>",
            "magentoInfo": lambda _: record({"magento_version": "1.9.4.5"}),
            "storeList": lambda _: rows(
                {"store_id": "1", "code": "default", "name": "Shop", "website_id": "1"}
            ),
        }
        self.base = ""

    def on(self, method: str, *replies: Reply | Script) -> None:
        """Answer the calls of this method with these replies in turn, and with the last one for ever."""
        left = list(replies)

        def play(arguments: Arguments) -> Reply:
            reply = left.pop(0) if len(left) > 1 else left[0]
            return reply(arguments) if callable(reply) else reply

        self.scripts[method] = play

    def has_bridge(self, version: str) -> None:
        """A bridge that tells its version."""
        self.parameters["oroPing"] = ("sessionId",)
        self.on("oroPing", record({"version": version}))

    def named(self, method: str) -> list[Arguments]:
        """The arguments of each call of this method so far."""
        return [arguments for name, arguments in self.calls if name == method]

    def address(self, **changes: Any) -> StoreAddress:
        fields = {"wsdl_url": f"{self.base}/api/v2_soap/?wsdl=1", "user": "crm_sync", "api_key": "k3y-s3cret"}
        return StoreAddress(**(fields | {"timeout_seconds": 5.0} | changes))

    def reply_to_get(self) -> Raw:
        return self.wsdl or Raw(_wsdl(self.parameters, f"{self.base}/api/v2_soap/index/"))

    def reply_to_post(self, payload: bytes) -> Raw:
        call = etree.fromstring(payload)[0][0]
        method = etree.QName(call).localname
        arguments = {child.tag: child.text or "" for child in call if not len(child)}
        for item in call.iterfind("filters/complex_filter/*"):
            arguments[f"{item.findtext('key')} {item.findtext('value/key')}"] = (
                item.findtext("value/value") or ""
            )
        for array in call.iterfind("products"):
            arguments[array.tag] = ",".join(item.text or "" for item in array)
        for part in call.iterfind("pager/*"):
            arguments[part.tag] = part.text or ""
        self.calls.append((method, arguments))
        reply = self.scripts[method](arguments)
        if isinstance(reply, Raw):
            return reply
        return Raw(envelope(f"<ns1:{method}Response>\n{reply}\n</ns1:{method}Response>"))


@contextmanager
def running(store: ScriptedStore, certificate: Path | None = None) -> Iterator[ScriptedStore]:
    """The store on a free port; with a certificate it speaks TLS."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(store))
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    store.base = f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield store
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(store: ScriptedStore) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 5
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self.send(store.reply_to_get())

        def do_POST(self) -> None:
            self.send(store.reply_to_post(self.rfile.read(int(self.headers["Content-Length"]))))

        def send(self, reply: Raw) -> None:
            store.authorizations.append(self.headers["Authorization"])
            if reply.body is None:
                self.close_connection = True
                return
            self.send_response_only(reply.status)
            for name, value in (
                {"Date": store.date, "Content-Length": str(len(reply.body))} | reply.headers
            ).items():
                self.send_header(name, value)
            if not store.keeps_connections:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _wsdl(parameters: dict[str, tuple[str, ...]], location: str) -> bytes:
    """A WSDL in Magento's default dialect with these calls."""
    types = {"filters": "t:filters", "pager": "t:pager", "products": "t:ArrayOfString"}
    messages = "".join(
        f'<message name="{method}Request">'
        + "".join(f'<part name="{name}" type="{types.get(name, "xsd:string")}"/>' for name in names)
        + f'</message><message name="{method}Response"><part name="result" type="xsd:string"/></message>'
        for method, names in parameters.items()
    )
    port = "".join(
        f'<operation name="{m}"><input message="t:{m}Request"/><output message="t:{m}Response"/></operation>'
        for m in parameters
    )
    encoding = "http://schemas.xmlsoap.org/soap/encoding/"
    body = f'<soap:body use="encoded" namespace="urn:Magento" encodingStyle="{encoding}"/>'
    binding = "".join(
        f'<operation name="{m}"><soap:operation soapAction="urn:x"/>'
        f"<input>{body}</input><output>{body}</output></operation>"
        for m in parameters
    )
    return _WSDL.format(messages=messages, port=port, binding=binding, location=location).encode()


_WSDL = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns:t="urn:Magento" xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:Magento"
  xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/"
  xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns="http://schemas.xmlsoap.org/wsdl/" name="Magento">
<types><xsd:schema targetNamespace="urn:Magento">
  <xsd:import namespace="http://schemas.xmlsoap.org/soap/encoding/"
              schemaLocation="http://schemas.xmlsoap.org/soap/encoding/"/>
  <xsd:complexType name="pair"><xsd:all>
    <xsd:element name="key" type="xsd:string"/><xsd:element name="value" type="xsd:string"/>
  </xsd:all></xsd:complexType>
  <xsd:complexType name="complexFilter"><xsd:all>
    <xsd:element name="key" type="xsd:string"/><xsd:element name="value" type="t:pair"/>
  </xsd:all></xsd:complexType>
  <xsd:complexType name="complexFilterArray"><xsd:complexContent><xsd:restriction base="enc:Array">
    <xsd:attribute ref="enc:arrayType" wsdl:arrayType="t:complexFilter[]"/>
  </xsd:restriction></xsd:complexContent></xsd:complexType>
  <xsd:complexType name="filters"><xsd:all>
    <xsd:element name="complex_filter" type="t:complexFilterArray" minOccurs="0"/>
  </xsd:all></xsd:complexType>
  <xsd:complexType name="ArrayOfString"><xsd:complexContent><xsd:restriction base="enc:Array">
    <xsd:attribute ref="enc:arrayType" wsdl:arrayType="xsd:string[]"/>
  </xsd:restriction></xsd:complexContent></xsd:complexType>
  <xsd:complexType name="pager"><xsd:all>
    <xsd:element name="page" type="xsd:int"/><xsd:element name="pageSize" type="xsd:int"/>
  </xsd:all></xsd:complexType>
</xsd:schema></types>
{messages}
<portType name="Port">{port}</portType>
<binding name="Binding" type="t:Port">
  <soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>{binding}
</binding>
<service name="MagentoService">
  <port name="Port" binding="t:Binding"><soap:address location="{location}"/></port>
</service>
</definitions>"""
