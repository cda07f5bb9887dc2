"""The billing and the shipping address of an order, as they were when it was placed."""

from __future__ import annotations

from collections.abc import Iterator

from include.entities.fields import integer, text
from include.entities.model import Context, Reference, Row, Table
from include.entities.postal import POSTAL, joined_street
from include.entities.records import record_in, shipping_of
from include.magento.door import Record


def _addresses(record: Record, context: Context) -> Iterator[Row]:
    """Virtual orders have no shipping address: the store sends an empty one."""
    for address_type in ("billing", "shipping"):
        address = record.get(f"{address_type}_address")
        if isinstance(address, dict) and address:
            yield {**address, "order_id": record.get("order_id"), "address_type": address_type}


def _addresses_of_rest(record: Record, context: Context) -> Iterator[Row]:
    found = {
        "billing": record_in(record, "billing_address"),
        "shipping": record_in(shipping_of(record), "address"),
    }
    for address_type, address in found.items():
        if address:
            own = {"order_id": record.get("entity_id"), "address_type": address_type}
            yield {**address, **own, "street": joined_street(address)}


ORDER_ADDRESSES = Table(
    name="order_addresses",
    singular="order_address",
    grain="One row per order and kind of address: billing, and shipping unless nothing is shipped.",
    key=("order_id", "address_type"),
    parent=Reference(name="order_key", table="orders", ids=("order_id",), comment="The order."),
    fields=(
        integer("order_id", "Magento's id of the order.", is_required=True),
        text("address_type", "billing or shipping.", "address_type", is_required=True),
        integer("order_address_id", "Magento's id of the address.", "address_id", magento2="entity_id"),
        *POSTAL,
        text(
            "email",
            "E-mail of the address. NULL where the store does not send it.",
            "email",
            is_personal=True,
        ),
        text("tax_number", "VAT number of this address. NULL where none.", "vat_id", is_personal=True),
    ),
    rows={"magento1": _addresses, "magento2": _addresses_of_rest},
    ignored=frozenset(
        """parent_id attributes customer_id customer_address_id region_code extension_attributes vat_is_valid
        vat_request_date vat_request_id vat_request_success""".split()
    ),
)
