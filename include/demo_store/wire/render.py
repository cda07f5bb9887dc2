"""Turns rows into XML fragments, fast: one string per record, the tags made once per type.

Control characters become the literal text `&#11;` (on the wire `&amp;#11;`), because Magento escapes them before PHP's
XML writer escapes the ampersand; a carriage return stays a character reference.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from functools import lru_cache

from include.demo_store.generate.customers import Customer, Row
from include.demo_store.generate.orders import Order
from include.demo_store.wire.schema import BASIC, TYPES

_NEEDS_ESCAPE = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f]")
_MOST_PATTERNS = 4000
TEXT_FIELDS = frozenset(
    "key value name code customer_group_code store_name remote_ip shipping_method shipping_description customer_email "
    "customer_firstname customer_lastname customer_middlename customer_prefix customer_suffix customer_taxvat "
    "customer_note coupon_code discount_description gift_message billing_firstname billing_lastname billing_name "
    "shipping_firstname shipping_lastname shipping_name firstname middlename lastname prefix suffix company street "
    "city region postcode telephone fax product_options sku weee_tax_applied comment po_number cc_owner "
    "cc_number_enc created_in email taxvat password_hash increment_id original_increment_id relation_child_real_id "
    "relation_parent_real_id admin_url x_forwarded_for ext_order_id ext_customer_id".split()
)
"""Fields that may be empty or hold characters that XML escapes; all others are numbers, codes and dates."""
_NO_ATTRIBUTES = (
    '<attributes SOAP-ENC:arrayType="ns1:associativeEntity[0]" xsi:type="ns1:associativeArray"/>\n'
)
_JOINED_NAMES = tuple(
    f"{kind}_{part}" for kind in ("billing", "shipping") for part in ("firstname", "lastname", "name")
)


def _replacement(match: re.Match[str]) -> str:
    char = match.group()
    named = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
    return named.get(char) or f"&amp;#{ord(char)};"


@lru_cache(maxsize=1 << 14)
def escaped(value: str) -> str:
    """A value as element content; an empty one becomes a line feed, as Magento's answers have it.

    Kept, because most values of an order are zeros, flags and codes: looking one up costs a fifth of searching it.
    """
    if not value:
        return "\n"
    return _NEEDS_ESCAPE.sub(_replacement, value)


class Layout:
    """The plain fields of a type in wire order, ready to take rows.

    Rows of a type come in few patterns of NULLs, so each pattern gets one format string: three times faster than
    joining element by element, and what lets a page leave the shop faster than a client parses it.

    Args:
        type_: name of the SOAP type.
        without: fields that this answer never has.
    """

    def __init__(self, type_: str, without: Container[str] = ()) -> None:
        self.elements = {
            field.name: (f'<{field.name} xsi:type="xsd:{field.type}">', f"</{field.name}>\n")
            for field in TYPES[type_]
            if field.type in BASIC and field.name not in without
        }
        self._patterns: dict[tuple[str, ...], tuple[str, tuple[str, ...], tuple[int, ...]]] = {}

    def fill(self, row: Row) -> str:
        """The elements of a row; NULL is left out."""
        pattern = tuple([name for name, value in row.items() if value is not None])
        template, names, texts = self._patterns.get(pattern) or self._compile(pattern)
        values = [row[name] or "" for name in names]
        for place in texts:
            values[place] = escaped(values[place])
        return template % tuple(values)

    def _compile(self, pattern: tuple[str, ...]) -> tuple[str, tuple[str, ...], tuple[int, ...]]:
        present = set(pattern)
        names = tuple(name for name in self.elements if name in present)
        template = "".join("%s".join(self.elements[name]) for name in names)
        texts = tuple(place for place, name in enumerate(names) if name in TEXT_FIELDS)
        if len(self._patterns) > _MOST_PATTERNS:
            self._patterns.clear()
        self._patterns[pattern] = template, names, texts
        return self._patterns[pattern]


def fill_with_nil(row: Row, layout: Layout) -> str:
    """The elements of a row; NULL is `xsi:nil`, as in `oroCustomerList`."""
    return "".join([
        f'<{name} xsi:nil="true"/>\n' if (value := row.get(name)) is None else opening + escaped(value) + closing
        for name, (opening, closing) in layout.elements.items()
    ])  # fmt: skip


def entity(tag: str, type_: str, body: str) -> str:
    """One typed element around its fields."""
    if not body:
        return f'<{tag} xsi:type="ns1:{type_}"/>\n'
    return f'<{tag} xsi:type="ns1:{type_}">\n{body}</{tag}>\n'


def array(tag: str, item_type: str, array_type: str, items: list[str]) -> str:
    """An array element around its items."""
    opening = f'<{tag} SOAP-ENC:arrayType="ns1:{item_type}[{len(items)}]" xsi:type="ns1:{array_type}"'
    return f"{opening}>\n{''.join(items)}</{tag}>\n" if items else f"{opening}/>\n"


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


def list_order(order: Order) -> str:
    """A row of `salesOrderList`."""
    return entity("item", "salesOrderListEntity", _LIST_ORDER.fill(order.row))


def info_order(order: Order) -> str:
    """The result of `salesOrderInfo`: history without ids, payment with its id."""
    return entity("result", "salesOrderEntity", _order(order, _INFO_ORDER, _PAYMENT, order.history))


def bridge_order(order: Order) -> str:
    """A row of `oroOrderList`: the bridge puts the history row's id into `increment_id`."""
    history = [{**row, "increment_id": row["entity_id"]} for row in order.history]
    return entity("item", "salesOrderEntity", _order(order, _BRIDGE_ORDER, _BRIDGE_PAYMENT, history))


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


def bridge_customer(customer: Customer) -> str:
    """A row of `oroCustomerList`, addresses included."""
    cards = [
        entity("item", "customerAddressEntityItem", _CUSTOMER_ADDRESS.fill(row) + _NO_ATTRIBUTES)
        for row in customer.addresses
    ]
    addresses = array("addresses", "customerAddressEntityItem", "customerAddressEntityArray", cards)
    return entity("item", "oroCustomerEntity", fill_with_nil(customer.row, _BRIDGE_CUSTOMER) + addresses)


def plain_rows(type_: str, rows: Iterable[Row]) -> list[str]:
    """Items of a small list whose rows hold the type's fields and nothing else."""
    layout = Layout(type_)
    return [entity("item", type_, layout.fill(row)) for row in rows]
