"""Writes the WSDL of WS-I mode from the same tables as that of standard mode: one element in and one out per method.

Clients tell the mode from here: the binding's style is `document`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from include.demo_store.wire import wsi
from include.demo_store.wire.envelope import URN
from include.demo_store.wire.schema import ARRAYS, BASIC, METHODS, Field, Method
from include.demo_store.wire.stock import fields_of
from include.demo_store.wire.wsdl import types_of

_OTHER_TYPES = {
    ("salesQuoteEntity", "entity_id"): "int", ("salesQuoteEntity", "store_id"): "int",
    ("salesQuoteEntity", "customer_id"): "int", ("salesQuoteEntity", "is_active"): "boolean",
    ("salesQuoteEntity", "is_virtual"): "boolean", ("salesQuoteEntity", "is_multi_shipping"): "boolean",
}  # fmt: skip
_OTHER_PARTS = {("salesOrderAddComment", "notify"): "int"}
_OPTIONAL = ("attributes", "store", "identifierType", "pager", "agreements", "comment", "notify")
_FILTERED = ("filters", "pager")
_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions xmlns:typens="{URN}" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" name="Magento"
    targetNamespace="{URN}">
"""
_PORT = "Mage_Api_Model_Server_V2_Handler"
_BODY = '<soap:body use="literal"/>'


@lru_cache(maxsize=8)
def wsi_wsdl(address: str, bridge: bool) -> bytes:
    """The WSDL document, pointing clients at `address`."""
    methods = [method for method in METHODS.values() if bridge or not method.of_bridge]
    return "".join([
        _HEAD, _schema(methods, bridge), *map(_messages, methods), _port_type(methods), _binding(methods),
        f'<wsdl:service name="MagentoService"><wsdl:port name="{_PORT}Port" binding="typens:{_PORT}Binding">',
        f'<soap:address location="{address}"/></wsdl:port></wsdl:service>\n</wsdl:definitions>\n',
    ]).encode()  # fmt: skip


def _schema(methods: Iterable[Method], bridge: bool) -> str:
    types = "".join(
        _array(name) if name in ARRAYS else _entity(name, bridge)
        for name in sorted(types_of(methods, bridge))
    )
    elements = "".join(_elements(method) for method in methods)
    return (
        f'<wsdl:types><xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="{URN}">\n'
        f"{types}{elements}</xsd:schema></wsdl:types>\n"
    )


def _reference(type_: str) -> str:
    return f"{'xsd' if type_ in BASIC else 'typens'}:{type_}"


def _entity(name: str, bridge: bool) -> str:
    elements = "".join(
        f'<xsd:element name="{field.name}" type="{_reference(_OTHER_TYPES.get((name, field.name), field.type))}" '
        'minOccurs="0"/>'
        for field in fields_of(name, bridge)
    )
    return f'<xsd:complexType name="{name}"><xsd:sequence>{elements}</xsd:sequence></xsd:complexType>\n'


def _array(name: str) -> str:
    return (
        f'<xsd:complexType name="{name}"><xsd:sequence><xsd:element minOccurs="0" maxOccurs="unbounded" '
        f'name="complexObjectArray" type="{_reference(ARRAYS[name])}"/></xsd:sequence></xsd:complexType>\n'
    )


def parts_of(method: Method) -> list[Field]:
    """A method's parameters as WS-I names them; the list of websites has filters and pages here only."""
    parts = [
        Field(wsi.renamed(method.name, field.name), _OTHER_PARTS.get((method.name, field.name), field.type))
        for field in method.parts
    ]
    if method.name == "oroWebsiteList":
        parts += [Field(name, name) for name in _FILTERED]
    return parts


def _elements(method: Method) -> str:
    def optional(name: str) -> bool:
        return name in _OPTIONAL or (name == "filters" and method.of_bridge)

    inner = "".join(
        f'<xsd:element name="{field.name}" type="{_reference(field.type)}" '
        f'minOccurs="{0 if optional(field.name) else 1}" maxOccurs="1"/>'
        for field in parts_of(method)
    )
    answered = "int" if method.name in wsi.ONE_FOR_TRUE else method.result.type
    result = f'<xsd:element name="result" type="{_reference(answered)}" minOccurs="1" maxOccurs="1"/>'
    return _element(wsi.request_element(method.name), inner) + _element(f"{method.name}ResponseParam", result)


def _element(name: str, inner: str) -> str:
    return (
        f'<xsd:element name="{name}"><xsd:complexType><xsd:sequence>{inner}</xsd:sequence></xsd:complexType>'
        "</xsd:element>\n"
    )


def _messages(method: Method) -> str:
    names = (("Request", wsi.request_element(method.name)), ("Response", f"{method.name}ResponseParam"))
    return "".join(
        f'<wsdl:message name="{method.name}{kind}"><wsdl:part name="parameters" element="typens:{element}"/>'
        "</wsdl:message>\n"
        for kind, element in names
    )


def _port_type(methods: Iterable[Method]) -> str:
    operations = "".join(
        f'<wsdl:operation name="{method.name}"><wsdl:input message="typens:{method.name}Request"/>'
        f'<wsdl:output message="typens:{method.name}Response"/></wsdl:operation>\n'
        for method in methods
    )
    return f'<wsdl:portType name="{_PORT}PortType">\n{operations}</wsdl:portType>\n'


def _binding(methods: Iterable[Method]) -> str:
    operations = "".join(
        f'<wsdl:operation name="{method.name}"><soap:operation soapAction=""/><wsdl:input>{_BODY}</wsdl:input>'
        f"<wsdl:output>{_BODY}</wsdl:output></wsdl:operation>\n"
        for method in methods
    )
    return (
        f'<wsdl:binding name="{_PORT}Binding" type="typens:{_PORT}PortType"><soap:binding style="document" '
        f'transport="http://schemas.xmlsoap.org/soap/http"/>\n{operations}</wsdl:binding>\n'
    )
