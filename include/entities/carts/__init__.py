"""Carts with lines and addresses: what people put aside and did not, or not yet, buy.

Only the bridge lists carts. What became of one is told by `status`, which is the warehouse's own column
(`include.sync.cart_statuses`): to read `is_active` for it is the newcomer's mistake. A shop leaves carts active
after they were bought, and bought ones are the most of those that are not.
"""

from __future__ import annotations

from include.entities.carts.addresses import CART_ADDRESSES
from include.entities.carts.cart import CARTS
from include.entities.carts.items import CART_ITEMS
from include.entities.model import Entity, Expectation, Parent, Person, Scope, Severity
from include.magento.soap.reading import SoapReading

CARTS_ENTITY = Entity(
    name="carts",
    title="Carts with lines and addresses",
    tables=(CARTS, CART_ITEMS, CART_ADDRESSES),
    reading={
        "magento1": SoapReading(
            spine="oroQuoteList",
            id_field="entity_id",
            filter_id="entity_id",
            is_paged=True,
            without="Carts are not available from this store: only the Oro bridge lists them.",
        )
    },
    scope=Scope(store_field="store_id"),
    currency_field="global_currency_code",
    expectations=(
        Expectation(
            rule="items_qty_is_not_negative",
            table="carts",
            severity=Severity.WARN,
            type="ExpectColumnValuesToBeBetween",
            arguments={"column": "items_qty", "min_value": 0},
            meaning="A cart holds some pieces or none.",
        ),
        Expectation(
            rule="item_qty_is_positive",
            table="cart_items",
            severity=Severity.WARN,
            type="ExpectColumnValuesToBeBetween",
            arguments={"column": "item_qty", "min_value": 0, "strict_min": True},
            meaning="A line is about some pieces.",
        ),
    ),
    derived=("cart_statuses",),
    names_guests=True,
    person=Person(emails=("customer_email_normalised",), through={"customer_key": "customers"}),
    parents=(Parent(entity="customers", column="customer_id"),),
)
