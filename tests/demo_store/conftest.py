"""A running demo store and a bare SOAP client for it.

The client is hand-written on purpose: the project's own client must not be what its fake is tested with.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

import pytest
from lxml import etree

from include.demo_store import RunningStore, running_store

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass
class Answer:
    """One HTTP answer of the store."""

    status: int
    body: bytes
    date: str | None

    @property
    def root(self) -> etree._Element:
        return etree.fromstring(self.body, etree.XMLParser(huge_tree=True))

    @property
    def rows(self) -> list[etree._Element]:
        """The result's children: the items of a list."""
        return list(self.root[0][0][0])

    @property
    def fault(self) -> tuple[str, str]:
        found = self.root.find(f".//{{{ENVELOPE}}}Fault")
        assert found is not None, self.body[:500]
        return found.findtext("faultcode") or "", found.findtext("faultstring") or ""

    def texts(self, field: str) -> list[str | None]:
        return [row.findtext(field) for row in self.rows]


class SoapCaller:
    """Calls methods by name; logs in at the first call that needs it."""

    def __init__(self, url: str, user: str, key: str) -> None:
        self.url = url.replace("?wsdl=1", "index/")
        self.user, self.key = user, key
        self._session = ""

    @property
    def session(self) -> str:
        if not self._session:
            answer = self.raw("login", f"<username>{self.user}</username><apiKey>{self.key}</apiKey>")
            self._session = answer.root.findtext(".//loginReturn") or ""
        return self._session

    def __call__(self, method: str, inner: str = "") -> Answer:
        return self.raw(method, f"<sessionId>{self.session}</sessionId>{inner}")

    def listed(
        self, method: str, *conditions: tuple[str, str, str], page: int | None = None, size: int = 100
    ) -> Answer:
        """A list call with complex filters (field, operator, value) and, if asked for, a page."""
        filters = "".join(
            f"<complexFilter><key>{field}</key><value><key>{operator}</key><value>{escape(value)}</value></value>"
            "</complexFilter>"
            for field, operator, value in conditions
        )
        pager = "" if page is None else f"<pager><page>{page}</page><pageSize>{size}</pageSize></pager>"
        return self(method, f"<filters><complex_filter>{filters}</complex_filter></filters>{pager}")

    def raw(self, method: str, inner: str) -> Answer:
        return self.post(
            f'<soap-env:Envelope xmlns:soap-env="{ENVELOPE}"><soap-env:Body><ns0:{method} '
            f'xmlns:ns0="urn:Magento">{inner}</ns0:{method}></soap-env:Body></soap-env:Envelope>'.encode()
        )

    def post(self, body: bytes) -> Answer:
        request = urllib.request.Request(self.url, body, {"Content-Type": "text/xml"})  # noqa: S310 - loopback
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
                return Answer(answer.status, answer.read(), answer.headers["Date"])
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read(), error.headers["Date"])


@pytest.fixture(scope="session")
def store() -> Iterator[RunningStore]:
    """A shop that holds at least one of each oddity; tests leave its clock alone."""
    with running_store(customers=420, orders=1000) as running:
        yield running


@pytest.fixture(scope="session")
def call(store: RunningStore) -> SoapCaller:
    return SoapCaller(store.url, store.user, store.key)


@pytest.fixture(scope="session")
def new_caller() -> type[SoapCaller]:
    """For tests that start a store of their own."""
    return SoapCaller
