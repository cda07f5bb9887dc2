"""From the bytes of an answer to plain nested dictionaries, or to the fault in it.

Parsed with lxml from the bytes: a generic SOAP client takes four times as long for the same page. What a newcomer would
get wrong: an answer that lxml can only read by guessing is never used. Magento up to 1.9.2.4 sends control characters
raw; they are removed and the rest is parsed strictly again, so a page cut off half-way can not pass as a short page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

from include.magento.door import Record, as_records
from include.magento.withheld import withheld

Value: TypeAlias = "str | Record | list[Record] | list[str] | None"

_ENVELOPE = "{http://schemas.xmlsoap.org/soap/envelope/}"
_ARRAY_TYPE = "{http://schemas.xmlsoap.org/soap/encoding/}arrayType"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_ITEM_TAGS = ("item", "complexObjectArray")
_PAIR = {"key", "value"}

# Neither may stand in XML 1.0, escaped or not; `&amp;#11;` is plain text and stays.
_ILLEGAL_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ILLEGAL_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]));", re.IGNORECASE
)
_BEFORE_XML = b"\xef\xbb\xbf \t\r\n"


class NotSoap(Exception):
    """The answer is no SOAP envelope; `looks_like` says what it is instead, without any of its text."""

    def __init__(self, looks_like: str) -> None:
        super().__init__(looks_like)
        self.looks_like = looks_like


class SoapFault(Exception):
    """The store answered with a fault. `text` may hold SQL or personal data: read it, never show it."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code)
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered call.

    Attributes:
        value: the result as nested dictionaries.
        size: of the answer, in bytes.
        is_empty_element: the result is there, without content and not nil: how WS-I writes an empty list.
    """

    value: Value
    size: int
    is_empty_element: bool = False

    @property
    def rows(self) -> list[Record]:
        """The result as a list of records; whether it is one, `is_list` says."""
        return as_records(self.value)

    def is_list(self, *, wsi: bool) -> bool:
        """Whether this answers a list call; nothing, nil and the text of a PHP error do not."""
        return isinstance(self.value, list) or (wsi and self.value is None and self.is_empty_element)

    @property
    def record(self) -> Record:
        """The result as one record, empty when there is none."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def text(self) -> str | None:
        """The result as text, None when it is a record, a list or blank."""
        return self.value if isinstance(self.value, str) else None


def read_answer(body: bytes) -> Answer:
    """The result inside a SOAP answer.

    Raises:
        SoapFault: the answer is a fault.
        NotSoap: it is empty, a web page, cut off, or a list with fewer rows than it announces.
    """
    wrapper = _first_of_body(_parse(body))
    if wrapper.tag == f"{_ENVELOPE}Fault":
        raise SoapFault(wrapper.findtext("faultcode") or "", wrapper.findtext("faultstring") or "")
    if not len(wrapper):
        return Answer(None, len(body))
    result = wrapper[0]
    announced = re.search(r"\[(\d+)\]$", result.get(_ARRAY_TYPE) or "")
    if announced and int(announced[1]) != len(result):
        raise NotSoap("a list with fewer rows than it announces")
    if result.get(_NIL) in ("true", "1"):
        return Answer(None, len(body))
    value = _value(result)
    return Answer(value, len(body), is_empty_element=value is None)


def _parse(body: bytes) -> etree._Element:
    body = body.lstrip(_BEFORE_XML)
    if not body:
        raise NotSoap("empty")
    if not body.startswith(b"<") or body[:14].lower().startswith((b"<html", b"<!doctype html")):
        raise NotSoap("a web page" if b"<" in body[:1] or b"<html" in body[:2000].lower() else "not XML")
    try:
        return etree.fromstring(body, _parser())
    except etree.XMLSyntaxError:
        mended = _without_illegal(body)
    try:
        return etree.fromstring(mended, _parser())
    except etree.XMLSyntaxError:
        raise NotSoap("cut off or not well-formed XML") from None


def _parser() -> etree.XMLParser:
    # huge_tree: comments of 64 KiB and answers of many MB are normal; entities and network stay off all the same.
    # The line breaks Magento puts between tags are a tenth of the work and carry nothing; blank values become None.
    return etree.XMLParser(
        huge_tree=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=True,
        collect_ids=False,
    )


def _without_illegal(body: bytes) -> bytes:
    text = body.decode("utf-8", errors="replace")
    return _ILLEGAL_REFERENCE.sub("", _ILLEGAL_CHARACTER.sub("", text)).encode()


def _first_of_body(envelope: etree._Element) -> etree._Element:
    body = envelope.find(f"{_ENVELOPE}Body") if envelope.tag == f"{_ENVELOPE}Envelope" else None
    if body is None or not len(body):
        raise NotSoap(
            "a web page" if etree.QName(envelope).localname == "html" else "XML, but not a SOAP answer"
        )
    if envelope.getroottree().docinfo.internalDTD is not None:
        raise NotSoap(
            "XML with a DTD, which SOAP forbids"
        )  # and whose entities we would leave out of the text
    return body[0]


def _value(element: etree._Element) -> Value:
    if not len(element):
        text = element.text
        return _blank(element) if not text or text.isspace() else text
    if element[0].tag in _ITEM_TAGS:
        return _items(element)
    return _record(element)


def _record(element: etree._Element) -> Record:
    record: Record = {}
    for child in element:
        tag = child.tag
        if withheld[tag]:
            continue
        if len(child):
            record[tag] = _listed(child) if child[0].tag in _ITEM_TAGS else _record(child)
        else:
            text = child.text
            record[tag] = _blank(child) if not text or text.isspace() else text
    return record


def _listed(element: etree._Element) -> Value:
    """A list inside a record; one of keys and values is a record in other words.

    Which it is, all its rows say and not the first alone: a row of WS-I may leave out a value that is NULL.
    """
    items = _items(element)
    rows = as_records(items)
    if not all("key" in row and row.keys() <= _PAIR for row in rows):
        return items
    return {str(row["key"]): row.get("value") for row in rows}


def _items(element: etree._Element) -> list[Record] | list[str]:
    if not any(map(len, element)):
        return [child.text or "" for child in element]
    rows = [_record(child) for child in element]
    return [row for row in rows if not ("key" in row and withheld[str(row["key"])])]


def _blank(element: etree._Element) -> Value:
    """What an element without text and children stands for: an empty list, an empty record or nothing."""
    kind = element.get(_TYPE) or ""
    if element.get(_ARRAY_TYPE) is not None or kind.endswith("Array"):
        return []
    if kind and not kind.startswith("xsd:") and element.get(_NIL) != "true":
        return {}
    return None
