from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
import zeep
import zeep.transports
from lxml import etree

from include.demo_store import running_store

ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
ENCODING_SCHEMA = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:e="{ENCODING}"
    targetNamespace="{ENCODING}"><xs:attribute name="arrayType" type="xs:string"/>
    <xs:group name="Items"><xs:sequence><xs:any minOccurs="0" maxOccurs="unbounded" processContents="lax"/>
    </xs:sequence></xs:group><xs:complexType name="Array"><xs:group ref="e:Items" minOccurs="0"/>
    <xs:attribute ref="e:arrayType"/></xs:complexType></xs:schema>""".encode()
XSD = "{http://www.w3.org/2001/XMLSchema}"


class OfflineTransport(zeep.transports.Transport):
    def load(self, url: str) -> bytes:
        if url.rstrip("/") == ENCODING.rstrip("/"):
            return ENCODING_SCHEMA
        assert url.startswith("http://127.0.0.1:"), f"a test must not load {url}"
        loaded: bytes = super().load(url)
        return loaded


@contextmanager
def zeep_client(url: str) -> Iterator[Any]:
    with requests.Session() as session:
        transport = OfflineTransport(session=session, timeout=10, operation_timeout=10)
        yield zeep.Client(url, transport=transport)


def test_zeep_logs_in_and_reads_orders(store: Any) -> None:
    with zeep_client(store.url) as client:
        service = client.service
        session = service.login(store.user, store.key)
        window = {"complex_filter": [{"key": "entity_id", "value": {"key": "gt", "value": "10"}}]}
        page = service.oroOrderList(sessionId=session, filters=window, pager={"page": "1", "pageSize": "5"})
        assert [int(order.order_id) for order in page] == [11, 12, 13, 14, 15]
        order = service.salesOrderInfo(session, page[0].increment_id)
        assert [line.sku for line in order["items"]] == [line["sku"] for line in store.shop.order(11).items]
        assert order.payment.payment_id == "11"
        customers = service.oroCustomerList(
            sessionId=session, filters={}, pager={"page": "1", "pageSize": "3"}
        )
        assert [customer.customer_id for customer in customers] == [1, 2, 3]


def test_zeep_sees_faults_of_the_api_as_faults(store: Any) -> None:
    with zeep_client(store.url) as client, pytest.raises(zeep.exceptions.Fault) as caught:
        client.service.salesOrderList("bogus", filters={})
    assert caught.value.code == "5"


def load(url: str) -> etree._Element:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - loopback
        return etree.fromstring(answer.read())


def test_any_path_with_wsdl_in_the_query_gives_the_wsdl(store: Any) -> None:
    root = store.url.split("/index.php")[0]
    for path in ("/api/v2_soap?wsdl", "/index.php/api/v2_soap/index/?wsdl=1", "/api/v2_soap/?wsdl=1&x=2"):
        assert etree.QName(load(root + path)).localname == "definitions"


def test_without_the_bridge_its_methods_are_neither_described_nor_answered(new_caller: Any) -> None:
    with running_store(customers=3, orders=3, bridge=False) as stock:
        wsdl = load(stock.url)
        names = {element.get("name") for element in wsdl.iter("{*}operation")}
        assert "salesOrderList" in names
        assert not any(name.startswith("oro") for name in names if name)
        assert b"oro" not in etree.tostring(wsdl)
        answer = new_caller(stock.url, stock.user, stock.key)("oroPing")
        assert (answer.status, answer.fault) == (500, ("SOAP-ENV:Server", "Procedure 'oroPing' not present"))


def test_types_and_methods_are_named_and_ordered_as_in_magento(store: Any, shared_dir: Any) -> None:
    real = etree.parse(str(shared_dir / "magento1/wsdl/v2-standard-bridge.urnMagento.wsdl")).getroot()
    ours = load(store.url)

    def types(wsdl: etree._Element) -> dict[str, list[tuple[str, str]]]:
        return {
            found.get("name"): [
                (element.get("name"), element.get("type").split(":")[1])
                for element in found.iter(XSD + "element")
            ]
            for found in wsdl.iter(XSD + "complexType")
        }

    def parts(wsdl: etree._Element) -> dict[str, list[tuple[str, str]]]:
        return {
            message.get("name").removesuffix("Request"): [
                (part.get("name"), part.get("type").split(":")[1]) for part in message
            ]
            for message in wsdl.iter("{*}message")
        }

    real_types, real_parts = types(real), parts(real)
    for name, fields in types(ours).items():
        wanted = [field for field in real_types[name] if field in fields]
        assert fields == wanted, name
    for name, found in parts(ours).items():
        assert found == real_parts[name], name
