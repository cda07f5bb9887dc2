"""A shop without the bridge: what a stock Magento cannot do, it does not do here either."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import etree

from include.demo_store import running_store

XSD = "{http://www.w3.org/2001/XMLSchema}"


@pytest.fixture(scope="module")
def stock(new_caller: Any) -> Iterator[Any]:
    with running_store(customers=100, orders=300, bridge=False) as store:
        caller = new_caller(store.url, store.user, store.key)
        caller.store = store
        yield caller


def load(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - loopback
        return etree.fromstring(answer.read())


def types(wsdl: Any) -> dict[str, list[str]]:
    return {
        found.get("name"): [element.get("name") for element in found.iter(XSD + "element")]
        for found in wsdl.iter(XSD + "complexType")
    }


@pytest.mark.parametrize("wsi", [False, True])
def test_the_wsdl_names_what_the_recorded_one_without_bridge_names(wsi: bool, shared_dir: Any) -> None:
    mode = "wsi" if wsi else "standard"
    real = types(etree.parse(str(shared_dir / f"magento1/wsdl/v2-{mode}-nobridge.urnMagento.wsdl")))
    with running_store(customers=1, orders=1, bridge=False, wsi=wsi) as store:
        ours = types(load(store.url))
    for name, fields in ours.items():
        if name is not None:
            assert set(fields) <= set(real[name]), name
    assert not {"pager", "salesQuoteEntity", "newsletterSubscriberEntity", "oroRegionEntity"} & ours.keys()


def test_a_coupon_is_in_the_order_list_only(stock: Any) -> None:
    order = next(order for order in stock.store.shop.orders() if order.row.get("coupon_code"))
    number = order.row["increment_id"]
    info = stock("salesOrderInfo", f"<orderIncrementId>{number}</orderIncrementId>")
    assert info.root.find(".//coupon_code") is None
    assert info.root.findtext(".//result/increment_id") == number
    listed = stock.listed("salesOrderList", ("increment_id", "eq", number))
    assert listed.texts("coupon_code") == [order.row["coupon_code"]]


def test_a_price_is_in_the_single_product_only(stock: Any) -> None:
    listed = stock("catalogProductList")
    assert listed.root.find(".//price") is listed.root.find(".//special_price") is None
    assert len(listed.rows) == len(list(stock.store.shop.products()))
    assert stock("catalogProductInfo", "<productId>1</productId>").root.findtext(".//price")


def test_carts_are_found_one_by_one_without_links_to_products(stock: Any) -> None:
    cart = stock.store.shop.cart(5)
    asked = f"<quoteId>5</quoteId><storeId>{cart.row['store_id']}</storeId>"
    answer = stock("shoppingCartInfo", asked)
    assert [line.findtext("sku") for line in answer.root.iterfind(".//items/item")] == [
        line["sku"] for line in cart.items
    ]
    assert answer.root.find(".//product_url") is answer.root.find(".//categories") is None
    assert stock("oroQuoteList").fault[1] == "Procedure 'oroQuoteList' not present"
    assert stock("newsletterSubscriberList").fault[1] == "Procedure 'newsletterSubscriberList' not present"


def test_the_rest_of_the_core_is_there(stock: Any) -> None:
    for method in (
        "salesOrderCreditmemoList",
        "salesOrderInvoiceList",
        "salesOrderShipmentList",
        "directoryCountryList",
    ):
        assert stock(method).rows
    assert len(stock("directoryRegionList", "<country>US</country>").rows) > 50


@pytest.mark.parametrize("wsi", [False, True])
def test_another_namespace_is_in_wsdl_and_answers(wsi: bool, new_caller: Any) -> None:
    with running_store(
        customers=1, orders=1, namespace="urn:OpenMage", wsi=wsi, bridge_version="1.1.9"
    ) as store:
        wsdl = load(store.url)
        assert wsdl.get("targetNamespace") == "urn:OpenMage"
        assert b"urn:Magento" not in etree.tostring(wsdl)
        answer = new_caller(store.url, "", "").raw("loginParam" if wsi else "login", "<username>crm_sync</username>"
                                                   "<apiKey>demo-store-key</apiKey>")  # fmt: skip
        assert etree.QName(answer.root[0][0]).namespace == "urn:OpenMage"
        assert b"urn:Magento" not in answer.body
        if not wsi:
            assert (
                new_caller(store.url, store.user, store.key)("oroPing").root.findtext(".//version") == "1.1.9"
            )
