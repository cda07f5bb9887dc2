"""Writes the WSDL of the shop from the tables in `schema.py`.

Without the bridge, the bridge's methods and types are not in it: clients read from here what a store can do.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from include.demo_store.wire.envelope import SOAP_ENCODING, URN
from include.demo_store.wire.schema import ARRAYS, BASIC, METHODS, Field, Method
from include.demo_store.wire.stock import fields_of

_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
    xmlns:soapenc="{SOAP_ENCODING}" xmlns:typens="{URN}" name="Magento" targetNamespace="{URN}">
"""
_PORT = "Mage_Api_Model_Server_V2_Handler"
_BODY = f'<soap:body namespace="{URN}" use="encoded" encodingStyle="{SOAP_ENCODING}"/>'


@lru_cache(maxsize=8)
def wsdl(address: str, bridge: bool) -> bytes:
    """The WSDL document, pointing clients at `address`."""
    methods = [method for method in METHODS.values() if bridge or not method.of_bridge]
    return "".join([
        _HEAD, _types(methods, bridge), *map(_messages, methods), _port_type(methods), _binding(methods),
        f'<service name="MagentoService"><port name="{_PORT}Port" binding="typens:{_PORT}Binding">',
        f'<soap:address location="{address}"/></port></service>\n</definitions>\n',
    ]).encode()  # fmt: skip


def _types(methods: Iterable[Method], bridge: bool) -> str:
    wanted = sorted(types_of(methods, bridge))
    body = "".join(_array(name) if name in ARRAYS else _entity(name, bridge) for name in wanted)
    return (
        f'<types><schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="{URN}">\n'
        f'<import namespace="{SOAP_ENCODING}" schemaLocation="{SOAP_ENCODING}"/>\n{body}</schema></types>\n'
    )


def types_of(methods: Iterable[Method], bridge: bool) -> set[str]:
    """Names of all types that methods take and give."""
    needed: set[str] = set()
    queue = [field.type for method in methods for field in (*method.parts, method.result)]
    while queue:
        name = queue.pop()
        if name in BASIC or name in needed:
            continue
        needed.add(name)
        queue.extend([ARRAYS[name]] if name in ARRAYS else [field.type for field in fields_of(name, bridge)])
    return needed


def _reference(type_: str) -> str:
    return f"{'xsd' if type_ in BASIC else 'typens'}:{type_}"


def _entity(name: str, bridge: bool) -> str:
    elements = "".join(
        f'<element name="{field.name}" type="{_reference(field.type)}" minOccurs="0"/>'
        for field in fields_of(name, bridge)
    )
    return f'<complexType name="{name}"><all>{elements}</all></complexType>\n'


def _array(name: str) -> str:
    return (
        f'<complexType name="{name}"><complexContent><restriction base="soapenc:Array">'
        f'<attribute ref="soapenc:arrayType" wsdl:arrayType="{_reference(ARRAYS[name])}[]"/>'
        "</restriction></complexContent></complexType>\n"
    )


def _messages(method: Method) -> str:
    def part(field: Field) -> str:
        return f'<part name="{field.name}" type="{_reference(field.type)}"/>'

    if method.messages:
        return ""
    return (
        f'<message name="{method.name}Request">{"".join(map(part, method.parts))}</message>\n'
        f'<message name="{method.name}Response">{part(method.result)}</message>\n'
    )


def _port_type(methods: Iterable[Method]) -> str:
    operations = "".join(
        f'<operation name="{method.name}"><input message="typens:{method.messages or method.name}Request"/>'
        f'<output message="typens:{method.messages or method.name}Response"/></operation>\n'
        for method in methods
    )
    return f'<portType name="{_PORT}PortType">\n{operations}</portType>\n'


def _binding(methods: Iterable[Method]) -> str:
    operations = "".join(
        f'<operation name="{method.name}"><soap:operation soapAction="urn:{_PORT}Action"/>'
        f"<input>{_BODY}</input><output>{_BODY}</output></operation>\n"
        for method in methods
    )
    return (
        f'<binding name="{_PORT}Binding" type="typens:{_PORT}PortType">'
        f'<soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>\n{operations}</binding>\n'
    )
