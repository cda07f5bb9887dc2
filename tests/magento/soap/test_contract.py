"""Requests, byte for byte as zeep's were recorded, in both dialects; WSDLs of both namespaces, offline."""

from __future__ import annotations

import re
import socket
from types import SimpleNamespace

import pytest
import zeep
from lxml import etree

from include.errors import ConfigError
from include.magento.address import StoreAddress
from include.magento.soap.contract import ENCODING_SCHEMA, Condition, Contract
from include.magento.soap.http import Http

ADDRESS = StoreAddress(wsdl_url="http://127.0.0.1:9/index.php/api/v2_soap/?wsdl=1", user="u", api_key="k")


@pytest.fixture
def contract(shared_dir, monkeypatch):
    """A contract from a recorded WSDL, on a machine without network."""

    def refuse(*_):
        raise AssertionError("no network here")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    opened = []

    def read(name):
        opened.append(Http(ADDRESS))
        wsdl = (shared_dir / "magento1" / "wsdl" / f"{name}.wsdl").read_bytes()
        return Contract(wsdl, fetched_from=ADDRESS.wsdl_url, http=opened[-1])

    yield read
    for http in opened:
        http.close()


@pytest.mark.parametrize(
    ("name", "bridge", "ws_i", "namespace"),
    [
        ("v2-standard-bridge.urnMagento", True, False, "urn:Magento"),
        ("v2-standard-nobridge.urnMagento", False, False, "urn:Magento"),
        ("v2-standard-nobridge.stock-urnOpenMage", False, False, "urn:OpenMage"),
        ("v2-wsi-bridge.urnMagento", True, True, "urn:Magento"),
        ("v2-wsi-nobridge.urnMagento", False, True, "urn:Magento"),
        ("v2-wsi-nobridge.stock-urnOpenMage", False, True, "urn:OpenMage"),
    ],
)
def test_every_recorded_wsdl_is_understood_without_network(contract, name, bridge, ws_i, namespace):
    found = contract(name)
    assert ("oroOrderList" in found.methods) is bridge
    assert found.is_wsi is ws_i
    assert found.url.startswith("http://127.0.0.1:9/index.php/api/v2_soap/")
    body, _ = found.request("storeList", {"sessionId": "s"})
    assert etree.fromstring(body)[0][0].tag.startswith(f"{{{namespace}}}")


WINDOW = [
    Condition("updated_at", "from", "2026-06-15 12:00:00"),
    Condition("updated_at", "to", "2026-06-15 12:00:00"),
]


@pytest.mark.parametrize(
    ("mode", "file", "method", "arguments"),
    [
        ("std", "login", "login", {"username": "crm_sync", "apiKey": "crm-sync-key"}),
        ("wsi", "login", "login", {"username": "crm_sync", "apiKey": "crm-sync-key"}),
        ("std", "storeList", "storeList", {}),
        ("wsi", "storeList", "storeList", {}),
        (
            "std",
            "oroOrderList-window-p3-beyond",
            "oroOrderList",
            {"filters": WINDOW, "pager": {"page": 3, "pageSize": 25}},
        ),
        (
            "wsi",
            "oroOrderList-window-p3-beyond",
            "oroOrderList",
            {"filters": WINDOW, "pager": {"page": 3, "pageSize": 25}},
        ),
        ("std", "fault-session-bogus", "salesOrderList", {}),
        ("wsi", "fault-session-bogus", "salesOrderList", {}),
        (
            "std",
            "customerCustomerList-customer_id-in",
            "customerCustomerList",
            {"filters": [Condition("customer_id", "in", "1,2,55,90,91,95,103,104")]},
        ),
        (
            "wsi",
            "customerCustomerList-customer_id-in",
            "customerCustomerList",
            {"filters": [Condition("customer_id", "in", "1,2,55,90,91,95,103,104")]},
        ),
        ("std", "customerAddressList-2", "customerAddressList", {"customerId": "2"}),
        ("wsi", "customerAddressList-2", "customerAddressList", {"customerId": "2"}),
        ("wsi", "oroWebsiteList", "oroWebsiteList", {"pager": {"page": 1, "pageSize": 10}}),
        (
            "std",
            "catalogProductInfo-1",
            "catalogProductInfo",
            {"productId": "1", "storeView": "1", "identifierType": "id"},
        ),
        ("std", "catalogCategoryTree", "catalogCategoryTree", {"parentId": "2", "storeView": "1"}),
        (
            "std",
            "catalogInventoryStockItemList",
            "catalogInventoryStockItemList",
            {"products": ["1", "2", "39", "45"]},
        ),
    ],
)
def test_request_is_the_recorded_one(contract, envelopes, mode, file, method, arguments):
    recorded = (envelopes / mode / f"{file}.request.xml").read_bytes()
    session = re.search(rb"<sessionId>(.*?)</sessionId>", recorded)
    if session:
        arguments = {"sessionId": session[1].decode(), **arguments}
    body, headers = contract(f"v2-{'standard' if mode == 'std' else 'wsi'}-bridge.urnMagento").request(
        method, arguments
    )
    assert etree.tostring(etree.fromstring(body), method="c14n") == etree.tostring(
        etree.fromstring(recorded), method="c14n"
    )
    assert headers["Content-Type"].startswith("text/xml")


def test_ws_i_calls_and_wraps_an_array_of_its_own(contract):
    body, _ = contract("v2-wsi-bridge.urnMagento").request(
        "catalogInventoryStockItemList", {"sessionId": "s", "products": ["1", "2"]}
    )
    (asked,) = etree.fromstring(body).iter("productIds")
    assert [(child.tag, child.text) for child in asked] == [
        ("complexObjectArray", "1"),
        ("complexObjectArray", "2"),
    ]


@pytest.mark.parametrize("dialect", ["standard", "wsi"])
def test_parameter_nobody_gave_is_left_out(contract, dialect):
    body, _ = contract(f"v2-{dialect}-bridge.urnMagento").request(
        "catalogProductInfo", {"sessionId": "s", "productId": "7"}
    )
    (call,) = etree.fromstring(body)[0]
    assert [child.tag for child in call] == ["sessionId", "productId"]


def test_unset_pager_asks_for_all_rows(contract):
    body, _ = contract("v2-standard-bridge.urnMagento").request("oroRegionList", {"sessionId": "s"})
    assert b"<filters/>" in body
    assert b"<page>1</page>" in body


def test_unknown_call_and_unknown_parameter_are_refused(contract):
    found = contract("v2-standard-nobridge.urnMagento")
    with pytest.raises(ConfigError, match="no call oroPing"):
        found.request("oroPing", {"sessionId": "s"})
    with pytest.raises(ConfigError, match="salesOrderInfo"):
        found.request("salesOrderInfo", {"sessionId": "s", "nonsense": "1"})


@pytest.fixture
def built(monkeypatch):
    """How many documents zeep has read meanwhile, none being known before."""
    made = []
    monkeypatch.setattr("include.magento.soap.contract._read", {})
    client = zeep.Client
    monkeypatch.setattr("zeep.Client", lambda *args, **named: made.append(1) or client(*args, **named))
    return made


def test_document_that_is_complete_is_read_once(contract, built):
    one, again = (contract("v2-standard-nobridge.urnMagento") for _ in range(2))
    assert (len(built), again.methods) == (1, one.methods)
    contract("v2-wsi-nobridge.urnMagento")
    assert len(built) == 2


def test_document_that_imports_another_is_read_anew(shared_dir, built):
    wsdl = (shared_dir / "magento1" / "wsdl" / "v2-standard-nobridge.urnMagento.wsdl").read_bytes()
    where = b'schemaLocation="http://schemas.xmlsoap.org/soap/encoding/"'
    assert where in wsdl
    imported = wsdl.replace(where, b'schemaLocation="http://127.0.0.1:9/encoding.xsd"')
    schema = SimpleNamespace(body=ENCODING_SCHEMA.read_bytes())
    http = SimpleNamespace(session=None, get=lambda url: schema)
    for _ in range(2):
        Contract(imported, fetched_from=ADDRESS.wsdl_url, http=http)
    assert len(built) == 2


def test_only_the_last_few_documents_are_kept(contract, built, monkeypatch):
    monkeypatch.setattr("include.magento.soap.contract._MOST_READ", 1)
    for name in ("standard", "wsi", "standard"):
        contract(f"v2-{name}-nobridge.urnMagento")
    assert len(built) == 3
