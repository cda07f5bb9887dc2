"""WS-I mode: the same answers as in standard mode, written as document/literal.

Types are left out, every list is `complexObjectArray`, NULL is an empty element, the result is always called `result`,
and a cart's flags are booleans. A request names its method with a suffix.
"""

from __future__ import annotations

import re

from include.demo_store.wire.envelope import SOAP_ENVELOPE, URN
from include.demo_store.wire.request import Call
from include.demo_store.wire.schema import METHODS

RENAMED = {
    "storeView": "store", "storeId": "store", "products": "productIds",
}  # fmt: skip
"""Parameters that have another name than in standard mode."""
_RENAMED_IN = {
    **{(f"shoppingCartProduct{verb}", "products"): "productsData" for verb in ("Add", "Update", "Remove")},
    ("shoppingCartCustomerSet", "customer"): "customerData",
    ("shoppingCartCustomerAddresses", "customer"): "customerAddressData",
    ("shoppingCartShippingMethod", "method"): "shippingMethod",
    ("shoppingCartPaymentMethod", "method"): "paymentData",
    ("shoppingCartOrder", "licenses"): "agreements",
}
"""The same of single methods."""
ONE_FOR_TRUE = ("salesOrderAddComment", "salesOrderHold", "salesOrderUnhold", "salesOrderCancel")
"""Methods that answer with a number instead of a boolean."""
_OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<SOAP-ENV:Envelope xmlns:SOAP-ENV="{SOAP_ENVELOPE}" xmlns:ns1="{URN}">\n<SOAP-ENV:Body>\n'
)
_CLOSE = "</SOAP-ENV:Body>\n</SOAP-ENV:Envelope>\n"
_TYPED_TAG = re.compile(rb"<(\w+) (?:xsi|SOAP-ENC):[^>]*?(/?)>")
_CART_FLAGS = re.compile(
    rb"<is_active>([01])</is_active>\n<is_virtual>([01])</is_virtual>\n<is_multi_shipping>([01])</is_multi_shipping>"
)
_BOOLEAN = {b"0": b"false", b"1": b"true"}


def renamed(method: str, name: str) -> str:
    """What a parameter of a method is called here."""
    return _RENAMED_IN.get((method, name)) or RENAMED.get(name, name)


def in_standard_words(call: Call) -> None:
    """Names the parameters of a call as standard mode does."""
    found = METHODS.get(call.method)
    for field in found.parts if found else ():
        call.rename(renamed(call.method, field.name), field.name)


def request_element(method: str) -> str:
    """The element that calls a method."""
    return f"{method}Param" if method in ("login", "endSession") else f"{method}RequestParam"


def method_of(element: str) -> str:
    """The method that a request element calls."""
    return element.removesuffix("Param").removesuffix("Request")


def response(method: str, parts: list[bytes]) -> bytes:
    """The envelope of a result, given as the fragments of standard mode."""
    body = _TYPED_TAG.sub(rb"<\1\2>", b"".join(parts))
    body = body.replace(b"<item>", b"<complexObjectArray>").replace(b"</item>", b"</complexObjectArray>")
    body = body.replace(b"<item/>", b"<complexObjectArray/>")
    if method == "oroQuoteList":
        body = _CART_FLAGS.sub(_with_booleans, body)
    if method in ONE_FOR_TRUE:
        body = body.replace(b">true<", b">1<")
    opening, closing = f"{_OPEN}<ns1:{method}ResponseParam>\n", f"</ns1:{method}ResponseParam>\n{_CLOSE}"
    return b"".join([opening.encode(), _named_result(body), closing.encode()])


def _named_result(body: bytes) -> bytes:
    """The result under its one name, whatever standard mode calls it."""
    end = body.index(b">")
    name = body[1:end].removesuffix(b"/")
    if body[end - 1 : end] == b"/":
        return b"<result/>\n"
    inner = body[end + 1 :].rstrip(b"\n").removesuffix(b"</" + name + b">")
    return b"<result>" + inner + b"</result>\n"


def _with_booleans(found: re.Match[bytes]) -> bytes:
    names = (b"is_active", b"is_virtual", b"is_multi_shipping")
    flags = zip(names, (_BOOLEAN[value] for value in found.groups()), strict=True)
    return b"\n".join(b"<%b>%b</%b>" % (name, value, name) for name, value in flags)
