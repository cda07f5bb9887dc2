"""Turns rows into XML elements, fast: one format string per pattern of NULLs, the tags made once per type.

Control characters become the literal text `&#11;` (on the wire `&amp;#11;`), because Magento escapes them before PHP's
XML writer escapes the ampersand; a carriage return stays a character reference.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from functools import lru_cache
from typing import NamedTuple

from include.demo_store.generate.customers import Row
from include.demo_store.generate.money import short
from include.demo_store.wire.types import BASIC, TYPES

_NEEDS_ESCAPE = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f]")
_MOST_PATTERNS = 4000
TEXT_FIELDS = frozenset(
    "key value name code customer_group_code store_name remote_ip shipping_method shipping_description customer_email "
    "customer_firstname customer_lastname customer_middlename customer_prefix customer_suffix customer_taxvat "
    "customer_note coupon_code discount_description gift_message billing_firstname billing_lastname billing_name "
    "shipping_firstname shipping_lastname shipping_name firstname middlename lastname prefix suffix company street "
    "city region postcode telephone fax product_options sku weee_tax_applied comment po_number cc_owner "
    "cc_number_enc created_in email taxvat password_hash increment_id original_increment_id relation_child_real_id "
    "relation_parent_real_id admin_url x_forwarded_for ext_order_id ext_customer_id subscriber_email title number "
    "description short_description product_url additional_information reserved_order_id order_increment_id".split()
)
"""Fields that may be empty or hold characters that XML escapes; all others are numbers, codes and dates."""


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
        only: the fields to take; all when not given.
    """

    def __init__(self, type_: str, without: Container[str] = (), only: Container[str] | None = None) -> None:
        fields = [
            field
            for field in TYPES[type_]
            if field.type in BASIC and field.name not in without and (only is None or field.name in only)
        ]
        self.elements = {
            field.name: (f'<{field.name} xsi:type="xsd:{field.type}">', f"</{field.name}>\n")
            for field in fields
        }
        self._doubles = frozenset(field.name for field in fields if field.type == "double")
        self._patterns: dict[tuple[str, ...], _Pattern] = {}

    def fill(self, row: Row) -> str:
        """The elements of a row; NULL is left out."""
        pattern = tuple([name for name, value in row.items() if value is not None])
        template, names, texts, doubles = self._patterns.get(pattern) or self._compile(pattern)
        values = [row[name] or "" for name in names]
        for place in texts:
            values[place] = escaped(values[place])
        for place in doubles:
            values[place] = short(values[place])
        return template % tuple(values)

    def _compile(self, pattern: tuple[str, ...]) -> _Pattern:
        present = set(pattern)
        names = tuple(name for name in self.elements if name in present)
        if len(self._patterns) > _MOST_PATTERNS:
            self._patterns.clear()
        self._patterns[pattern] = found = _Pattern(
            "".join("%s".join(self.elements[name]) for name in names),
            names,
            tuple(place for place, name in enumerate(names) if name in TEXT_FIELDS),
            tuple(place for place, name in enumerate(names) if name in self._doubles),
        )
        return found


class _Pattern(NamedTuple):
    """How rows with the same columns present are written."""

    template: str
    names: tuple[str, ...]
    texts: tuple[int, ...]
    """Places of the values that may need escaping."""
    doubles: tuple[int, ...]
    """Places of the values that PHP prints as floats."""


class Composite:
    """All fields of a type in wire order: runs of plain fields, and between them the elements given as XML.

    Args:
        type_: name of the SOAP type.
        without: plain fields that this answer never has.
    """

    def __init__(self, type_: str, without: Container[str] = ()) -> None:
        self._type = type_
        self._segments: list[Layout | str] = []
        run: list[str] = []
        for field in TYPES[type_]:
            if field.type in BASIC:
                run.append(field.name)
                continue
            self._close(run, without)
            run = []
            self._segments.append(field.name)
        self._close(run, without)

    def _close(self, run: list[str], without: Container[str]) -> None:
        if run:
            self._segments.append(Layout(self._type, without, run))

    def element(self, tag: str, row: Row, children: dict[str, str]) -> str:
        """The whole typed element; a child that is not given is left out."""
        body = "".join(
            children.get(part, "") if isinstance(part, str) else part.fill(row) for part in self._segments
        )
        return entity(tag, self._type, body)


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


def strings(tag: str, values: list[str]) -> str:
    """An array of plain strings."""
    items = "".join(f'<item xsi:type="xsd:string">{escaped(value)}</item>\n' for value in values)
    opening = f'<{tag} SOAP-ENC:arrayType="xsd:string[{len(values)}]" xsi:type="ns1:ArrayOfString"'
    return f"{opening}>\n{items}</{tag}>\n" if values else f"{opening}/>\n"


def pairs(tag: str, row: Row, names: Iterable[str]) -> str:
    """Columns of a row as keys and values, NULL as `xsi:nil`."""
    items = [
        entity(
            "item", "associativeEntity", f'<key xsi:type="xsd:string">{name}</key>\n{_value(row.get(name))}'
        )
        for name in names
    ]
    return array(tag, "associativeEntity", "associativeArray", items)


def _value(value: str | None) -> str:
    if value is None:
        return '<value xsi:nil="true"/>\n'
    return f'<value xsi:type="xsd:string">{escaped(value)}</value>\n'
