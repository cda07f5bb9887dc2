"""Reads SOAP requests: the method, its plain parameters, its filters and its pager.

Parameters are found by name, whatever namespace or type they carry: PHP's server in standard mode does the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from lxml import etree

from include.demo_store.wire.envelope import INVALID_XML, SOAP_ENVELOPE, WRONG_TYPE
from include.demo_store.wire.filters import Conditions

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


@dataclass(slots=True)
class Call:
    """One call of a client."""

    method: str
    text: dict[str, str] = field(default_factory=dict)
    """Plain parameters by name."""
    lists: dict[str, list[str]] = field(default_factory=dict)
    """Parameters that are arrays of strings, by name."""
    records: dict[str, dict[str, str]] = field(default_factory=dict)
    """Parameters that are records, such as customerData, by name."""
    values: dict[str, Value] = field(default_factory=dict)
    """Parameters that hold others, as nested lists and records, by name."""
    conditions: Conditions = field(default_factory=dict)
    page: int = 0
    page_size: int = 0

    @property
    def attributes(self) -> list[str]:
        """The attributes asked for; none for all."""
        return self.lists.get("attributes", [])

    def rename(self, old: str, new: str) -> None:
        """Gives a parameter another name."""
        parameters: tuple[dict[str, Any], ...] = (self.text, self.lists, self.records, self.values)
        for found in parameters:
            if old in found:
                found[new] = found.pop(old)

    def whole_number(self, name: str) -> int:
        """A parameter that must be an int; anything else is a fault of the engine."""
        try:
            return int(self.text.get(name, ""))
        except ValueError:
            raise WRONG_TYPE from None


def read(payload: bytes) -> Call:
    """The call in a request body; raises a fault when it is no SOAP request."""
    try:
        body = etree.fromstring(payload, _PARSER).find(f"{{{SOAP_ENVELOPE}}}Body")
    except etree.XMLSyntaxError:
        raise INVALID_XML from None
    if body is None or not len(body):
        raise INVALID_XML
    element = body[0]
    call = Call(_local(element))
    for part in element:
        name = _local(part)
        if name == "filters":
            call.conditions = _conditions(part)
        elif name == "pager":
            call.page, call.page_size = _number(part, "page"), _number(part, "pageSize")
        elif len(part):
            call.lists[name] = [entry.text or "" for entry in part]
            call.records[name] = {_local(entry): entry.text or "" for entry in part}
            call.values[name] = _nested(part)
        else:
            call.text[name] = part.text or ""
    return call


def _nested(element: etree._Element) -> Value:
    """A parameter with all it holds: an array's items are named item, after their type, or complexObjectArray."""
    if not len(element):
        return element.text or ""
    if all(_is_item(_local(part)) for part in element):
        return [_nested(part) for part in element]
    return {_local(part): _nested(part) for part in element}


def _is_item(name: str) -> bool:
    return name in ("item", "string", "complexObjectArray") or name.endswith("Entity")


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element if _local(child) == name), None)


def _value(element: etree._Element, name: str) -> str:
    child = _child(element, name)
    return "" if child is None else child.text or ""


def _number(element: etree._Element, name: str) -> int:
    text = _value(element, name).strip()
    return int(text) if text.lstrip("-").isdigit() else 0


def _conditions(filters: etree._Element) -> Conditions:
    found: Conditions = {}
    for group in filters:
        for entry in group:
            conditions = found.setdefault(_value(entry, "key"), {})
            value = _child(entry, "value")
            if value is None:
                continue
            if _local(group) == "filter":
                conditions.setdefault("eq", value.text or "")
            else:
                conditions.setdefault(_value(value, "key"), _value(value, "value"))
    return found
