"""Every entity that holds people: loaded, erased, and read again."""

from __future__ import annotations

from typing import Any

import pytest

from include.entities.catalogue import ENTITIES
from include.magento.door import Record
from include.privacy.frames import personal_columns
from tests.privacy.people import AS_TYPED, EMAIL, HOME, her_memo, her_order, traces, zelda
from tests.privacy.test_erase import erase
from tests.sync.records import (
    address,
    cart,
    cart_item,
    credit_memo,
    customer,
    invoice,
    order,
    shipment,
    subscriber,
)
from tests.sync.shop import Shop


def comments(number: int) -> list[Record]:
    return [{"comment_id": str(number), "comment": "Ask Zelda", "created_at": None}]


def her_cart() -> Record:
    """With her name on everything that can carry one."""
    return cart(
        1,
        customer_id="5",
        customer_email=AS_TYPED,
        customer_firstname="Zelda",
        remote_ip="192.0.2.99",
        customer_note="zwish",
        items=[cart_item(101, gift_message="zwish")],
        billing_address=address(11, **HOME, email=EMAIL),
        attributes={"nickname": "Zelda"},
    )


HERS: dict[str, Record] = {
    "customers": zelda(attributes={"nickname": "Zelda"}),
    "carts": her_cart(),
    "orders": her_order(1, attributes={"nickname": "Zelda"}),
    "invoices": invoice(1, comments=comments(10)),
    "shipments": shipment(
        1, comments=comments(11), tracks=[{"track_id": "1", "title": "DHL", "number": "quux-1"}]
    ),
    "credit_memos": her_memo(1),
    "newsletter_subscribers": subscriber(1, subscriber_email=AS_TYPED),
}
OTHERS: dict[str, Record] = {
    "customers": customer(6),
    "carts": cart(3),
    "orders": order(3),
    "invoices": invoice(3),
    "shipments": shipment(3),
    "credit_memos": credit_memo(3),
    "newsletter_subscribers": subscriber(3),
}


def load(shop: Shop) -> dict[str, dict[str, int]]:
    """Both people into every entity; what happened, by table."""
    outcomes: dict[str, dict[str, int]] = {}
    for entity, record in HERS.items():
        outcomes |= shop.load(entity, record, OTHERS[entity])
    return outcomes


def of_others(shop: Shop) -> list[Any]:
    """Rows of schema crm that are not of the erased person, in tables with personal columns."""
    found = []
    for entity in (one for one in ENTITIES if one.person):
        for table in (one for one in entity.tables if personal_columns(one)):
            owner = table.parent.name if table.parent else table.key_column
            found += shop.rows(
                f"select t::text from crm.{table.name} as t where {owner} in ('us:3', 'us:6') order by 1"  # noqa: S608 - ours
            )
    return found


def test_every_entity_with_people_is_tried() -> None:
    assert HERS.keys() == OTHERS.keys() == {entity.name for entity in ENTITIES if entity.person}


def test_person_leaves_every_table_and_nobody_else_does(shop: Shop) -> None:
    load(shop)
    before = of_others(shop)
    assert len({trace.partition(":")[0] for trace in traces(shop)}) >= 15
    erase(shop)
    assert traces(shop) == []
    assert of_others(shop) == before


def test_next_sync_finds_nothing_to_do_in_any_table(shop: Shop) -> None:
    load(shop)
    erase(shop)
    again = load(shop)
    assert {name for counts in again.values() for name in counts} == {"unchanged"}
    assert traces(shop) == []


@pytest.mark.parametrize("arrange", [list, reversed], ids=["in order", "the other way round"])
def test_erased_before_anything_is_loaded_the_person_never_arrives(shop: Shop, arrange: Any) -> None:
    """But for records that come before the one by which they are known: these forget her with it."""
    erase(shop)
    for entity in arrange(list(HERS)):
        shop.load(entity, HERS[entity], OTHERS[entity])
    assert traces(shop) == []
    assert shop.one("select count(*) from crm.orders") == 2
