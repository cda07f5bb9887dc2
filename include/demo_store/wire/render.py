"""Customers, addresses and orders as XML: one string per record."""

from __future__ import annotations

from collections.abc import Iterable

from include.demo_store.generate.customers import Customer, Row
from include.demo_store.generate.orders import Order
from include.demo_store.wire.layout import Layout, array, entity, escaped, fill_with_nil, pairs
from include.demo_store.wire.types import TYPES

_NO_ATTRIBUTES = (
    '<attributes SOAP-ENC:arrayType="ns1:associativeEntity[0]" xsi:type="ns1:associativeArray"/>\n'
)
_JOINED_NAMES = tuple(
    f"{kind}_{part}" for kind in ("billing", "shipping") for part in ("firstname", "lastname", "name")
)
_LIST_ORDER = Layout("salesOrderListEntity")
_BRIDGE_ORDER = Layout("salesOrderEntity", {"parent_id", "coupon_code"})
_INFO_ORDER = Layout("salesOrderEntity", {"parent_id", "coupon_code", *_JOINED_NAMES})
_ADDRESS = Layout("salesOrderAddressEntity", {"created_at", "updated_at"})
_ITEM = Layout("salesOrderItemEntity")
_PAYMENT = Layout("salesOrderPaymentEntity")
_BRIDGE_PAYMENT = Layout("salesOrderPaymentEntity", {"payment_id"})
_HISTORY = Layout("salesOrderStatusHistoryEntity")
_CUSTOMER = Layout("customerCustomerEntity")
_BRIDGE_CUSTOMER = Layout("oroCustomerEntity")
_CUSTOMER_ADDRESS = Layout("customerAddressEntityItem")
_ONLY_AS_ATTRIBUTES = """
    forced_shipment_with_invoice payment_auth_expiration base_shipping_hidden_tax_amnt coupon_rule_name middlename
    website_id""".split()
_ORDER_ATTRIBUTES = [
    *(field.name for field in TYPES["salesOrderListEntity"] if field not in TYPES["salesOrderEntity"]),
    *_ONLY_AS_ATTRIBUTES,
]


def list_order(order: Order) -> str:
    """A row of `salesOrderList`."""
    return entity("item", "salesOrderListEntity", _LIST_ORDER.fill(order.row))


def info_order(order: Order) -> str:
    """The result of `salesOrderInfo`: history without ids, payment with its id."""
    return entity("result", "salesOrderEntity", _order(order, _INFO_ORDER, _PAYMENT, order.history))


def bridge_order(order: Order, attributes: bool = False) -> str:
    """A row of `oroOrderList`: the bridge puts the history row's id into `increment_id`."""
    body = _order(order, _BRIDGE_ORDER, _BRIDGE_PAYMENT, _with_ids(order))
    return entity("item", "salesOrderEntity", body + (_order_attributes(order) if attributes else ""))


def bridge_info_order(order: Order, attributes: bool = False) -> str:
    """The result of `oroOrderInfo`: like the list's row, but without the names of the addresses in the header."""
    body = _order(order, _INFO_ORDER, _BRIDGE_PAYMENT, _with_ids(order))
    return entity("result", "salesOrderEntity", body + (_order_attributes(order) if attributes else ""))


def _with_ids(order: Order) -> list[Row]:
    return [{**row, "increment_id": row["entity_id"]} for row in order.history]


def _order_attributes(order: Order) -> str:
    """What the bridge adds on request: the order's columns that have no field of their own."""
    return pairs("attributes", order.row, _ORDER_ATTRIBUTES)


def _order(order: Order, header: Layout, payment: Layout, history: Iterable[Row]) -> str:
    items = [entity("item", "salesOrderItemEntity", _ITEM.fill(row)) for row in order.items]
    steps = [entity("item", "salesOrderStatusHistoryEntity", _HISTORY.fill(row)) for row in history]
    coupon = order.row.get("coupon_code")
    shipping = _ADDRESS.fill(order.shipping_address) if order.shipping_address else ""
    return "".join([
        header.fill(order.row),
        entity("shipping_address", "salesOrderAddressEntity", shipping),
        entity("billing_address", "salesOrderAddressEntity", _ADDRESS.fill(order.billing_address)),
        array("items", "salesOrderItemEntity", "salesOrderItemEntityArray", items),
        entity("payment", "salesOrderPaymentEntity", payment.fill(order.payment)),
        array("status_history", "salesOrderStatusHistoryEntity", "salesOrderStatusHistoryEntityArray", steps),
        f'<coupon_code xsi:type="xsd:string">{escaped(coupon)}</coupon_code>\n' if coupon else "",
    ])  # fmt: skip


def list_customer(customer: Customer) -> str:
    """A row of `customerCustomerList`."""
    return entity("item", "customerCustomerEntity", _CUSTOMER.fill(customer.row))


def info_customer(row: Row) -> str:
    """The result of `customerCustomerInfo`."""
    return entity("customerInfo", "customerCustomerEntity", _CUSTOMER.fill(row))


def address(row: Row) -> str:
    """A row of `customerAddressList`."""
    return entity("item", "customerAddressEntityItem", _CUSTOMER_ADDRESS.fill(row))


def bridge_customer(customer: Customer, attributes: bool = False, tag: str = "item") -> str:
    """A row of `oroCustomerList` or the result of `oroCustomerInfo`, addresses included."""
    customer_id = customer.row["customer_id"]
    cards = [
        entity("item", "customerAddressEntityItem", _CUSTOMER_ADDRESS.fill(row) + (
            _address_attributes(row, customer_id) if attributes else _NO_ATTRIBUTES))
        for row in customer.addresses
    ]  # fmt: skip
    body = fill_with_nil(customer.row, _BRIDGE_CUSTOMER)
    body += array("addresses", "customerAddressEntityItem", "customerAddressEntityArray", cards)
    if attributes:
        own: Row = {
            "disable_auto_group_change": "0",
            "entity_type_id": "1",
            "attribute_set_id": "0",
            "is_active": "1",
        }
        body += pairs("attributes", own, ("confirmation", *own))
    return entity(tag, "oroCustomerEntity", body)


def _address_attributes(address: Row, customer_id: str | None) -> str:
    own: Row = {"parent_id": customer_id, "entity_type_id": "2", "attribute_set_id": "0", "is_active": "1",
                "customer_id": customer_id}  # fmt: skip
    return pairs("attributes", {**address, **own}, own)


def plain_rows(type_: str, rows: Iterable[Row]) -> list[str]:
    """Items of a small list whose rows hold the type's fields and nothing else."""
    layout = Layout(type_)
    return [entity("item", type_, layout.fill(row)) for row in rows]
