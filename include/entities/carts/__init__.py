"""Carts with lines and addresses: what people put aside and did not, or not yet, buy.

Only the bridge lists carts; without it a channel may have them looked for one by one (`cart_probe`). What became of one
is told by `status`, which is the warehouse's own column (`include.sync.cart_statuses`): to read `is_active` for it is
the newcomer's mistake. A shop leaves carts active after they were bought, and bought ones are most of the others.
"""

from __future__ import annotations

from include.entities.carts.addresses import CART_ADDRESSES
from include.entities.carts.cart import CARTS
from include.entities.carts.items import CART_ITEMS
from include.entities.model import Entity, Expectation, Parent, Person, Probe, Scope, Severity, Silence
from include.magento.rest.reading import DetailCall, LookUp, RestReading
from include.magento.soap.reading import ProbeReading, SoapReading

TOLD_WHILE_OPEN = (
    "subtotal_amount",
    "base_subtotal_amount",
    "discounted_subtotal_amount",
    "base_discounted_subtotal_amount",
    "grand_total_amount",
    "base_grand_total_amount",
    "coupon_code",
)

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
            without=(
                "Carts are not available from this store: only the Oro bridge lists them. `cart_probe` in the channel "
                "file finds them one by one."
            ),
        ),
        "magento2": RestReading(
            path="carts/search",
            id_field="id",
            order_by="id",
            most_per_page=50,  # a cart costs the store fourteen times as much as a customer
            details=(
                DetailCall(
                    path="carts/{id}/totals",
                    into="totals",
                    where={"is_active": "1"},
                    unless={"items_count": "0"},
                ),
            ),
            look_ups=(
                LookUp(
                    lines="items",
                    field="sku",
                    path="products",
                    into="products",
                    fields="items[id,sku],total_count",
                ),
            ),
            resource="Magento_Cart::manage, Magento_Catalog::products",
        ),
    },
    probe=Probe(
        reading={
            "magento1": ProbeReading(
                method="shoppingCartInfo",
                id_argument="quoteId",
                store_argument="storeId",
                id_field="entity_id",
                answered_as="quote_id",
            )
        },
        told_by=("orders", "cart_id"),
        open_where=("status", "open"),
    ),
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
    # Lifetimes, too: a name on a cart may make one account of two.
    derived=("cart_statuses", "guests", "accounts_of_guests", "lifetimes"),
    names_guests=True,
    person=Person(emails=("customer_email_normalised",), through={"customer_key": "customers"}),
    parents=(Parent(entity="customers", column="customer_id"),),
    silences={"magento2": Silence(column="is_active", value=False, columns=TOLD_WHILE_OPEN)},
    expiring=("status", "open"),
    most_gone=0.5,  # a shop's own cleaning deletes old carts by the thousand
    has_undated=True,
)
