"""Shipments: what was sent of an order, with the numbers to track it by; most were handed to one carrier."""

from __future__ import annotations

from dataclasses import dataclass

from include.demo_store.clock import sql_time
from include.demo_store.generate.customers import Row
from include.demo_store.generate.item_rows import LINES_PER_ORDER
from include.demo_store.generate.lines import Line
from include.demo_store.generate.money import text
from include.demo_store.generate.papers import Occasion

LINES_PER_SHIPMENT = 64
_CARRIERS = (("custom", "Post CH & <Co>"), ("dhl", "DHL"), ("ups", "United Parcel Service"))


@dataclass(slots=True)
class Shipment:
    """A shipment as the database holds it."""

    row: Row
    items: list[Row]
    tracks: list[Row]
    comments: list[Row]


def shipment(occasion: Occasion) -> Shipment:
    """Writes a shipment out; what is virtual is not on it."""
    shipment_id, order = occasion.paper_id, occasion.order.row
    at = sql_time(occasion.paper.at)
    sent = [(index, line) for index, line in occasion.lines if not line.is_virtual]
    row: Row = {
        "shipment_id": str(shipment_id), "increment_id": occasion.number, "created_at": at, "updated_at": at,
        "store_id": str(occasion.head.store.store_id), "order_id": order["order_id"],
        "shipping_address_id": order.get("shipping_address_id"),
        "total_qty": text(sum(line.qty for _, line in sent if line.parent is None)),
    }  # fmt: skip
    items = [_item(occasion, index, line) for index, line in sent]
    comments: list[Row] = []
    if shipment_id % 5 == 0:
        comments.append({
            "comment_id": str(shipment_id), "parent_id": str(shipment_id), "created_at": at,
            "comment": "Übergeben an <Nachbar>", "is_customer_notified": "1",
        })  # fmt: skip
    return Shipment(row, items, _tracks(shipment_id, at, order["order_id"]), comments)


def _item(occasion: Occasion, index: int, line: Line) -> Row:
    weight = line.product.weight if line.weight is None else line.weight
    return {
        "item_id": str(occasion.paper_id * LINES_PER_SHIPMENT + index), "parent_id": str(occasion.paper_id),
        "order_item_id": str(occasion.head.order_id * LINES_PER_ORDER + index), "sku": line.sku,
        "name": line.product.name, "product_id": str(line.product.product_id),
        "weight": None if weight is None else text(weight), "price": text(line.price),
        "qty": text(line.qty),
    }  # fmt: skip


def _tracks(shipment_id: int, at: str, order_id: str | None) -> list[Row]:
    tracks: list[Row] = []
    for place in range((1, 1, 0, 1, 2)[shipment_id % 5]):
        carrier, title = _CARRIERS[(shipment_id + place) % len(_CARRIERS)]
        tracks.append({
            "track_id": str(shipment_id * 2 + place), "parent_id": str(shipment_id), "created_at": at,
            "updated_at": at, "carrier_code": carrier, "title": title, "order_id": order_id,
            "number": f"{shipment_id % 97:02d}.{shipment_id:06d}.{place}",
        })  # fmt: skip
    return tracks
