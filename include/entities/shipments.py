"""Shipments: what was sent of an order, with lines, tracking numbers and comments.

Magento lists a shipment by number, date and quantity; its id, its order and everything below it come from a call per
shipment. So the number people see is the key here: it is unique in a store, and the id is not to be had from a store
that does not answer that call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from include.entities.fields import flag, integer, quantity, text
from include.entities.model import (
    Context,
    Entity,
    Expectation,
    Parent,
    Person,
    Reference,
    Row,
    Scope,
    Severity,
    Table,
    Touch,
)
from include.entities.references import PRODUCT
from include.magento.door import Record, children
from include.magento.rest.reading import RestReading
from include.magento.soap.reading import InfoCall, SoapReading

_DETAIL = "NULL where the store gives headers only"
_SHIPMENT = Reference(
    name="shipment_key", table="shipments", ids=("shipment_number",), comment="The shipment."
)


def _shipments(record: Record, context: Context) -> Iterable[Row]:
    return (record,)


def _children(record: Record, name: str) -> Iterator[Row]:
    for row in children(record, name):
        yield {**row, "shipment_number": record.get("increment_id")}


def _items(record: Record, context: Context) -> Iterator[Row]:
    return _children(record, "items")


def _tracks(record: Record, context: Context) -> Iterator[Row]:
    return _children(record, "tracks")


def _comments(record: Record, context: Context) -> Iterator[Row]:
    return _children(record, "comments")


SHIPMENTS = Table(
    name="shipments",
    singular="shipment",
    grain="One row per shipment: what was sent of an order, at once or in parts.",
    key=("shipment_number",),
    references=(
        Reference(name="order_key", table="orders", ids=("order_id",), comment=f"The order sent. {_DETAIL}."),
        Reference(
            name="store_key",
            table="stores",
            ids=("store_id",),
            comment="Store view. NULL once it was deleted, and where the store gives headers only.",
        ),
    ),
    fields=(
        text("shipment_number", "Number people see; may hold letters.", "increment_id", is_required=True),
        integer(
            "shipment_id", f"Magento's id of the shipment. {_DETAIL}.", "shipment_id", magento2="entity_id"
        ),
        integer("order_id", f"Magento's id of the order. {_DETAIL}.", "order_id"),
        integer("store_id", f"Magento's id of the store view. {_DETAIL}.", "store_id"),
        quantity("shipped_qty", "Pieces sent, parent lines counted once.", "total_qty"),
    ),
    rows={"magento1": _shipments, "magento2": _shipments},
    created={"magento1": "created_at", "magento2": "created_at"},
    updated={"magento1": "updated_at", "magento2": "updated_at"},
    touches=(
        Touch(subject="shipment_created", column="source_created_at"),
        Touch(subject="order", column="order_key"),
    ),
    indexes=("order_key", "source_created_at"),
    ignored=frozenset(
        """items tracks comments parent_id is_active shipping_address_id shipping_firstname shipping_lastname
        order_increment_id order_created_at attributes billing_address_id customer_id packages extension_attributes
        email_sent shipment_status shipping_label total_weight""".split()
    ),
)

SHIPMENT_ITEMS = Table(
    name="shipment_items",
    singular="shipment_item",
    grain=(
        "One row per line of a shipment; bundles and configurable products may come with their child lines: count "
        "pieces where the line in crm.order_items has no parent_item_key."
    ),
    key=("shipment_item_id",),
    parent=_SHIPMENT,
    references=(
        Reference(
            name="order_item_key", table="order_items", ids=("order_item_id",), comment="The order line sent."
        ),
        PRODUCT,
    ),
    fields=(
        integer(
            "shipment_item_id", "Magento's id of the line.", "item_id", magento2="entity_id", is_required=True
        ),
        text("shipment_number", "Number of the shipment."),
        integer("order_item_id", "Magento's id of the order line.", "order_item_id"),
        integer("product_id", "Magento's id of the product. NULL once it was deleted.", "product_id"),
        text("sku", "Article number.", "sku"),
        text("product_name", "Name at the time of the order.", "name"),
        quantity("shipped_qty", "Pieces sent.", "qty"),
        quantity("weight", "Weight of one piece in the store's unit. NULL: none given.", "weight"),
    ),
    rows={"magento1": _items, "magento2": _items},
    # The price comes without its currency; the order line has both.
    ignored=frozenset(
        """price parent_id increment_id is_active created_at updated_at attributes row_total description
        extension_attributes""".split()
    ),
)

SHIPMENT_TRACKS = Table(
    name="shipment_tracks",
    singular="shipment_track",
    grain="One row per tracking number of a shipment.",
    key=("shipment_track_id",),
    parent=_SHIPMENT,
    fields=(
        integer(
            "shipment_track_id",
            "Magento's id of the tracking number.",
            "track_id",
            magento2="entity_id",
            is_required=True,
        ),
        text("shipment_number", "Number of the shipment."),
        text("carrier_code", "Code of the carrier; custom where it was typed by hand.", "carrier_code"),
        text("carrier_title", "Name of the carrier shown to the buyer.", "title"),
        text(
            "tracking_number",
            "Number to follow the parcel by.",
            "number",
            magento2="track_number",
            is_personal=True,
        ),
    ),
    rows={"magento1": _tracks, "magento2": _tracks},
    created={"magento1": "created_at", "magento2": "created_at"},
    updated={"magento1": "updated_at", "magento2": "updated_at"},
    ignored=frozenset(
        """parent_id increment_id is_active order_id attributes weight qty description
        extension_attributes""".split()
    ),
)

SHIPMENT_COMMENTS = Table(
    name="shipment_comments",
    singular="shipment_comment",
    grain="One row per comment on a shipment.",
    key=("shipment_comment_id",),
    parent=_SHIPMENT,
    fields=(
        integer(
            "shipment_comment_id",
            "Magento's id of the comment.",
            "comment_id",
            magento2="entity_id",
            is_required=True,
        ),
        text("shipment_number", "Number of the shipment."),
        text("comment_text", "The comment; may hold HTML.", "comment", is_personal=True),
        flag("is_customer_notified", "Whether the buyer was told by mail.", "is_customer_notified"),
    ),
    rows={"magento1": _comments, "magento2": _comments},
    created={"magento1": "created_at", "magento2": "created_at"},
    ignored=frozenset(
        "parent_id increment_id is_active updated_at attributes is_visible_on_front extension_attributes".split()
    ),
)

SHIPMENTS_ENTITY = Entity(
    name="shipments",
    title="Shipments with lines, tracking numbers and comments",
    tables=(SHIPMENTS, SHIPMENT_ITEMS, SHIPMENT_TRACKS, SHIPMENT_COMMENTS),
    reading={
        "magento1": SoapReading(
            spine="salesOrderShipmentList",
            id_field="increment_id",
            filter_id="increment_id",
            has_ids=False,
            stock=(
                InfoCall(
                    method="salesOrderShipmentInfo",
                    argument="shipmentIncrementId",
                    value_field="increment_id",
                    is_optional=True,
                ),
            ),
            is_update_filter_optional=True,
        ),
        # Its list says the ids, but the number is the key whatever the store runs on.
        "magento2": RestReading(
            path="shipments", id_field="increment_id", has_ids=False, resource="Magento_Sales::shipment"
        ),
    },
    scope=Scope(store_field="store_id", is_in_details=True),
    number_field="increment_id",
    person=Person(through={"order_key": "orders"}),
    parents=(Parent(entity="orders", column="order_id"),),
    trailing=timedelta(days=30),  # a tracking number or comment moves no date of its shipment
    expectations=(
        Expectation(
            rule="shipped_qty_is_not_negative",
            table="shipments",
            severity=Severity.WARN,
            type="ExpectColumnValuesToBeBetween",
            arguments={"column": "shipped_qty", "min_value": 0},
            meaning="A shipment sends things, it takes none back.",
        ),
    ),
)
