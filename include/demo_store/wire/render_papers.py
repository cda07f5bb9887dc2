"""Credit memos, invoices and shipments as XML.

The lists of invoices and shipments give a handful of columns, the list of credit memos all; children come with the
single call only.
"""

from __future__ import annotations

from include.demo_store.generate.credit_memos import CreditMemo
from include.demo_store.generate.customers import Row
from include.demo_store.generate.invoices import Invoice
from include.demo_store.generate.shipments import Shipment
from include.demo_store.wire.layout import Composite, Layout, array, entity

_MEMO = Composite("salesOrderCreditmemoEntity")
_INVOICE = Composite("salesOrderInvoiceEntity")
_SHIPMENT = Composite("salesOrderShipmentEntity")
_LISTED_INVOICE = "increment_id created_at order_currency_code order_id state grand_total invoice_id".split()
_LISTED_SHIPMENT = "increment_id created_at total_qty".split()
_LAYOUTS = {
    type_: Layout(type_)
    for type_ in (
        "salesOrderCreditmemoItemEntity",
        "salesOrderCreditmemoCommentEntity",
        "salesOrderInvoiceItemEntity",
        "salesOrderInvoiceCommentEntity",
        "salesOrderShipmentItemEntity",
        "salesOrderShipmentTrackEntity",
        "salesOrderShipmentCommentEntity",
    )
}


def listed_memo(memo: CreditMemo) -> str:
    """A row of `salesOrderCreditmemoList`."""
    return _MEMO.element("item", memo.row, {})


def info_memo(memo: CreditMemo) -> str:
    """The result of `salesOrderCreditmemoInfo`."""
    return _MEMO.element("result", memo.row, {
        "items": _children("items", "salesOrderCreditmemoItemEntity", memo.items),
        "comments": _children("comments", "salesOrderCreditmemoCommentEntity", memo.comments),
    })  # fmt: skip


def listed_invoice(invoice: Invoice) -> str:
    """A row of `salesOrderInvoiceList`."""
    return _INVOICE.element("item", {name: invoice.row[name] for name in _LISTED_INVOICE}, {})


def info_invoice(invoice: Invoice) -> str:
    """The result of `salesOrderInvoiceInfo`."""
    return _INVOICE.element("result", invoice.row, {
        "items": _children("items", "salesOrderInvoiceItemEntity", invoice.items),
        "comments": _children("comments", "salesOrderInvoiceCommentEntity", invoice.comments),
    })  # fmt: skip


def listed_shipment(shipment: Shipment) -> str:
    """A row of `salesOrderShipmentList`: it names neither the shipment's id nor its order."""
    return _SHIPMENT.element("item", {name: shipment.row[name] for name in _LISTED_SHIPMENT}, {})


def info_shipment(shipment: Shipment) -> str:
    """The result of `salesOrderShipmentInfo`."""
    return _SHIPMENT.element("result", shipment.row, {
        "items": _children("items", "salesOrderShipmentItemEntity", shipment.items),
        "tracks": _children("tracks", "salesOrderShipmentTrackEntity", shipment.tracks),
        "comments": _children("comments", "salesOrderShipmentCommentEntity", shipment.comments),
    })  # fmt: skip


def _children(tag: str, type_: str, rows: list[Row]) -> str:
    layout = _LAYOUTS[type_]
    return array(tag, type_, f"{type_}Array", [entity("item", type_, layout.fill(row)) for row in rows])
