"""The bridge's setting `enable_attributes`: what has no field of its own comes as keys and values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from include.demo_store import running_store

NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


@pytest.fixture(scope="module")
def with_attributes(new_caller: Any) -> Iterator[Any]:
    with running_store(customers=60, orders=120, eav_attributes=True) as store:
        caller = new_caller(store.url, store.user, store.key)
        caller.store = store
        yield caller


def recorded(shared_dir: Path, method: str) -> Any:
    path = shared_dir / f"magento1/envelopes/std/{method}-enable_attributes.response.xml"
    return etree.parse(str(path)).getroot()[0][0][0]


def keys(element: Any) -> list[str]:
    return [pair.findtext("key") for pair in element]


@pytest.mark.parametrize("method", ["oroOrderList", "oroCustomerList"])
def test_a_row_carries_the_recorded_attributes(method: str, with_attributes: Any, shared_dir: Path) -> None:
    real = recorded(shared_dir, method)[0].find("attributes")
    ours = with_attributes(method).rows[0].find("attributes")
    assert sorted(keys(ours)) == sorted(keys(real))
    assert (
        ours.get("{http://schemas.xmlsoap.org/soap/encoding/}arrayType")
        == f"ns1:associativeEntity[{len(ours)}]"
    )


def test_null_is_nil_and_values_are_the_orders(with_attributes: Any) -> None:
    row = with_attributes("oroOrderList").rows[0]
    order = with_attributes.store.shop.order(int(row.findtext("order_id")))
    pairs = {pair.findtext("key"): pair.find("value") for pair in row.find("attributes")}
    assert pairs["protect_code"].text == order.row["protect_code"]
    assert pairs["total_item_count"].text == order.row["total_item_count"]
    assert pairs["ext_order_id"].get(NIL) == "true"


def test_addresses_name_their_customer_and_carts_have_none(with_attributes: Any, shared_dir: Path) -> None:
    row = next(row for row in with_attributes("oroCustomerList").rows if len(row.find("addresses")))
    pairs = {pair.findtext("key"): pair.findtext("value") for pair in row.find("addresses/item/attributes")}
    assert pairs["parent_id"] == pairs["customer_id"] == row.findtext("customer_id")
    known = recorded(shared_dir, "oroCustomerList").iterfind("item/addresses/item/attributes")
    assert pairs.keys() <= {key for found in known for key in keys(found)}
    assert with_attributes.listed("oroQuoteList", page=1, size=20).root.find(".//item/attributes") is None


def test_single_answers_carry_them_too(with_attributes: Any) -> None:
    number = with_attributes.store.shop.order(1).row["increment_id"]
    order = with_attributes("oroOrderInfo", f"<orderIncrementId>{number}</orderIncrementId>").root[0][0][0]
    customer = with_attributes("oroCustomerInfo", "<customerId>1</customerId>").root[0][0][0]
    assert len(order.find("attributes")) > 80
    assert len(customer.find("attributes")) == 5


def test_without_the_setting_there_are_none(call: Any) -> None:
    assert call.listed("oroOrderList", page=1, size=3).root.find(".//item/attributes") is None
    assert call.listed("oroCustomerList", page=1, size=3).rows[0].find("attributes") is None


@pytest.mark.parametrize(
    ("method", "asked"), [("oroOrderInfo", "orderIncrementId"), ("oroCustomerInfo", "customerId")]
)
def test_single_answers_of_the_bridge_look_like_the_recorded_ones(
    method: str, asked: str, call: Any, store: Any, shared_dir: Path
) -> None:
    path = shared_dir / f"magento1/envelopes/std/{method}.response.xml"
    real = etree.parse(str(path)).getroot()[0][0][0]
    numbers = (
        range(1, 30) if asked == "customerId" else [o.row["increment_id"] for o in store.shop.orders()][:60]
    )
    answers = [call(method, f"<{asked}>{number}</{asked}>") for number in numbers]
    found = {
        (child.getparent().tag, child.tag) for answer in answers if b"Fault" not in answer.body
        for child in answer.root[0][0][0].iter() if child.getparent() is not None
    }  # fmt: skip
    wanted = {(child.getparent().tag, child.tag) for child in real.iter()}
    assert wanted <= found
    assert not {("payment", "payment_id"), ("result", "billing_firstname")} & found
