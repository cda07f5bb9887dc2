"""WS-I mode: the same shop, written as document/literal, as recorded from a real one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import requests
import zeep
from lxml import etree

from include.demo_store import RunningStore, running_store
from include.demo_store.wire import wsi

XSD = "{http://www.w3.org/2001/XMLSchema}"


@pytest.fixture(scope="module")
def wsi_store() -> Iterator[RunningStore]:
    with running_store(customers=420, orders=1000, wsi=True) as running:
        yield running


@pytest.fixture(scope="module")
def ask(wsi_store: RunningStore, new_caller: Any) -> Any:
    class WsiCaller(new_caller):  # type: ignore[misc]
        @property
        def session(self) -> str:
            if not self._session:
                answer = self.raw("login", f"<username>{self.user}</username><apiKey>{self.key}</apiKey>")
                self._session = answer.root.findtext(".//result")
            return self._session

        def raw(self, method: str, inner: str) -> Any:
            inner = re.sub(r"<(/?)complexFilter>", r"<\1complexObjectArray>", inner)
            element = wsi.request_element(method)
            return self.post(
                '<soap-env:Envelope xmlns:soap-env="http://schemas.xmlsoap.org/soap/envelope/"><soap-env:Body>'
                f'<ns0:{element} xmlns:ns0="urn:Magento">{inner}</ns0:{element}></soap-env:Body></soap-env:Envelope>'
                .encode()
            )  # fmt: skip

    return WsiCaller(wsi_store.url, wsi_store.user, wsi_store.key)


def recorded(shared_dir: Path, name: str) -> Any:
    return etree.parse(str(shared_dir / f"magento1/envelopes/wsi/{name}.response.xml")).getroot()


def shape(element: Any) -> dict[str, set[str]]:
    """Names of the children below each path, and which paths hold text only."""
    found: dict[str, set[str]] = {}
    for child in element.iter():
        path = "/".join([*[parent.tag for parent in child.iterancestors()][::-1][3:], child.tag])
        found.setdefault(path, set()).update(below.tag for below in child)
    return found


@pytest.mark.parametrize(
    ("name", "method", "page"),
    [
        ("storeList", "storeList", 0), ("oroPing", "oroPing", 0), ("oroWebsiteList", "oroWebsiteList", 1),
        ("customerGroupList", "customerGroupList", 0), ("oroCustomerList-p1", "oroCustomerList", 1),
        ("newsletterSubscriberList-p1", "newsletterSubscriberList", 1),
        ("oroQuoteList-multishipping", "oroQuoteList", 1),
    ],
)  # fmt: skip
def test_lists_have_the_recorded_elements(
    name: str, method: str, page: int, ask: Any, shared_dir: Path
) -> None:
    answer = ask.listed(method, page=page, size=500) if page else ask(method)
    ours, real = shape(answer.root), shape(recorded(shared_dir, name))
    for path, children in real.items():
        assert children <= ours[path], path
    assert answer.root[0][0].tag == recorded(shared_dir, name)[0][0].tag


@pytest.mark.parametrize(
    ("name", "method", "kind", "asked"),
    [
        ("salesOrderInfo-plain", "salesOrderInfo", "orders", "orderIncrementId"),
        ("salesOrderInfo-comments", "salesOrderInfo", "orders", "orderIncrementId"),
        (
            "salesOrderCreditmemoInfo-full",
            "salesOrderCreditmemoInfo",
            "credit_memos",
            "creditmemoIncrementId",
        ),
    ],
)
def test_single_answers_have_the_recorded_elements(
    name: str, method: str, kind: str, asked: str, ask: Any, wsi_store: Any, shared_dir: Path
) -> None:
    numbers = [found.row["increment_id"] for found in getattr(wsi_store.shop, kind)()][:150]
    ours: dict[str, set[str]] = {}
    for number in numbers:
        for path, children in shape(ask(method, f"<{asked}>{number}</{asked}>").root).items():
            ours.setdefault(path, set()).update(children)
    for path, children in shape(recorded(shared_dir, name)).items():
        assert children <= ours[path], path


@pytest.mark.parametrize("name", ["oroQuoteList-empty", "newsletterSubscriberList-beyond"])
def test_an_empty_list_looks_like_the_recorded_one(name: str, ask: Any, shared_dir: Path) -> None:
    made = ask.listed(name.partition("-")[0], page=9999).body
    real = (shared_dir / f"magento1/envelopes/wsi/{name}.response.xml").read_text()
    assert etree.canonicalize(made.decode()) == etree.canonicalize(real)


@pytest.mark.parametrize(
    ("name", "method", "inner"),
    [
        ("fault-login-wrongkey", "login", "<username>crm_sync</username><apiKey>wrong</apiKey>"),
        ("fault-session-bogus", "salesOrderList", "<sessionId>deadbeef</sessionId><filters/>"),
    ],
)
def test_faults_are_those_of_standard_mode(
    name: str, method: str, inner: str, ask: Any, shared_dir: Path
) -> None:
    made = ask.raw(method, inner)
    real = (shared_dir / f"magento1/envelopes/wsi/{name}.response.xml").read_text()
    assert made.status == 200
    assert etree.canonicalize(made.body.decode()) == etree.canonicalize(real)


def leaves(element: Any) -> list[tuple[str, str]]:
    """Every value with its name, NULL left out; entries of lists have another name in each mode."""
    return [
        (child.tag.replace("complexObjectArray", "item"), child.text)
        for child in element.iter()
        if not len(child) and child.text
    ]


@pytest.mark.parametrize(
    "method",
    ["salesOrderList", "oroOrderList", "oroCustomerList", "newsletterSubscriberList", "catalogProductList"],
)
def test_both_modes_give_the_same_values(method: str, ask: Any, call: Any) -> None:
    assert leaves(ask(method).root) == leaves(call(method).root)


def test_a_carts_flags_are_booleans_and_its_lines_flags_are_not(ask: Any, wsi_store: Any) -> None:
    answer = ask("oroQuoteList")
    carts = list(wsi_store.shop.carts())
    flags = {"0": "false", "1": "true"}
    assert answer.texts("is_active") == [flags[cart.row["is_active"]] for cart in carts]
    assert answer.texts("is_multi_shipping") == [flags[cart.row["is_multi_shipping"]] for cart in carts]
    lines = {line.text for line in answer.root.iterfind(".//items/complexObjectArray/is_virtual")}
    assert lines == {"0", "1"}


def test_no_type_and_no_nil_is_left(ask: Any) -> None:
    for method in ("oroCustomerList", "oroQuoteList", "catalogProductList"):
        body = ask(method).body
        assert b"xsi:" not in body
        assert b"SOAP-ENC" not in body
        assert b"<item>" not in body
    assert b"<middlename/>" in ask("oroCustomerList").body


def test_filters_pages_and_stores_have_their_own_names(ask: Any, wsi_store: Any) -> None:
    found = ask.listed("salesOrderList", ("entity_id", "gt", "10"), ("status", "eq", "complete"))
    assert found.rows
    assert set(found.texts("status")) == {"complete"}
    cart = wsi_store.shop.cart(5).row
    right = ask("shoppingCartInfo", f"<quoteId>5</quoteId><store>{cart['store_id']}</store>")
    assert right.root.findtext(".//quote_id") == "5"
    stock = "<productIds><complexObjectArray>1</complexObjectArray></productIds>"
    assert ask("catalogInventoryStockItemList", stock).texts("product_id") == ["1"]


def load(url: str) -> Any:
    return etree.fromstring(requests.get(url, timeout=10).content)


def elements(parent: Any) -> list[tuple[str, str]]:
    return [
        (found.get("name"), found.get("type").split(":")[1])
        for found in parent.iter(XSD + "element")
        if found.get("type")
    ]


def test_the_wsdl_names_types_and_parameters_as_the_recorded_one(wsi_store: Any, shared_dir: Path) -> None:
    real = etree.parse(str(shared_dir / "magento1/wsdl/v2-wsi-bridge.urnMagento.wsdl")).getroot()
    ours = load(wsi_store.url)

    def types(wsdl: Any) -> dict[str, list[tuple[str, str]]]:
        return {
            found.get("name"): elements(found)
            for found in wsdl.iter(XSD + "complexType")
            if found.get("name")
        }

    def calls(wsdl: Any) -> dict[str, list[tuple[str, str]]]:
        return {
            found.get("name"): elements(found)
            for found in wsdl.iter(XSD + "element")
            if not found.get("type")
        }

    known = types(real)
    for name, fields in types(ours).items():
        assert fields == [field for field in known[name] if field in fields], name
    known = calls(real)
    for name, fields in calls(ours).items():
        assert fields == known[name], name
    assert {
        binding.get("style") for binding in ours.iter("{http://schemas.xmlsoap.org/wsdl/soap/}binding")
    } == {"document"}


def test_zeep_reads_the_shop_in_this_mode(wsi_store: Any) -> None:
    client = zeep.Client(wsi_store.url)
    session = client.service.login(wsi_store.user, wsi_store.key)
    filters = {
        "complex_filter": {
            "complexObjectArray": [{"key": "entity_id", "value": {"key": "gt", "value": "10"}}]
        }
    }
    page = client.service.oroOrderList(
        sessionId=session, filters=filters, pager={"page": "1", "pageSize": "5"}
    )
    assert [order.order_id for order in page] == ["11", "12", "13", "14", "15"]
    skus = [line.sku for line in page[0]["items"].complexObjectArray]
    assert skus == [line["sku"] for line in wsi_store.shop.order(11).items]
    carts = client.service.oroQuoteList(sessionId=session, filters={}, pager={"page": "1", "pageSize": "3"})
    truth = [cart.row for cart in islice(wsi_store.shop.carts(), 3)]
    assert [(cart.entity_id, cart.is_active) for cart in carts] == [
        (int(row["entity_id"]), row["is_active"] == "1") for row in truth
    ]
    assert (
        client.service.oroQuoteList(sessionId=session, filters={}, pager={"page": "999", "pageSize": "3"})
        is None
    )


def test_without_the_bridge_its_methods_are_not_described(new_caller: Any) -> None:
    with running_store(customers=2, orders=2, wsi=True, bridge=False) as stock:
        names = {found.get("name") for found in load(stock.url).iter("{*}operation")}
        assert {"salesOrderList", "shoppingCartInfo"} <= names
        assert not {"oroPing", "newsletterSubscriberList"} & names
