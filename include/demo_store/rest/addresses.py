"""Addresses as each of Magento 2's interfaces has them: in the book, on orders and on carts.

A region that people typed has no id: in the book and on carts that is 0 or null, on orders the key is not there.
"""

from __future__ import annotations

from include.demo_store.generate.customers import Row
from include.demo_store.generate.directory import REGIONS
from include.demo_store.rest.shapes import Json, Shape, without_nulls

_CODES = {str(region.region_id): region.code for region in REGIONS}
_NAME = "firstname lastname middlename prefix suffix company telephone fax postcode city country_id"
_OF_ORDER = Shape(
    required="address_type city country_id firstname lastname postcode telephone",
    sources={"entity_id": "address_id"},
    s=f"address_type region {_NAME}",
    i="entity_id parent_id region_id",
)
_IN_BOOK = Shape(sources={"id": "customer_address_id"}, i="id", s=_NAME)
_OF_CART = Shape(
    required="region region_id region_code country_id telephone postcode city firstname lastname email",
    sources={"id": "address_id"},
    i="id region_id customer_id customer_address_id same_as_billing save_in_address_book",
    s=f"region email {_NAME}",
)


def of_order(row: Row, email: str | None) -> Json:
    """An order's billing or shipping address."""
    region = region_code(row)
    return _OF_ORDER.fill(row) | without_nulls(street=_street(row), region_code=region, email=email)


def in_book(row: Row, customer_id: str) -> Json:
    """An address of a customer's book."""
    number = int(row.get("region_id") or 0)
    region = {"region_code": region_code(row), "region": row.get("region"), "region_id": number}
    defaults = {
        f"default_{kind}": True for kind in ("shipping", "billing") if row.get(f"is_default_{kind}") == "true"
    }
    whose = {"customer_id": int(customer_id), "region": region, "region_id": number, "street": _street(row)}
    return _IN_BOOK.fill(row) | whose | defaults


def of_cart(row: Row) -> Json:
    """A cart's billing or shipping address; null after null before anybody has typed one."""
    code = region_code(row)
    return _OF_CART.fill(row) | {"street": _street(row), "region_code": code}


def region_code(row: Row) -> str | None:
    """The code in the directory; what was typed stands for its own."""
    return _CODES.get(row.get("region_id") or "") or row.get("region")


def _street(row: Row) -> list[str]:
    return (row.get("street") or "").split("\n")
