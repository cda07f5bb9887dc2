"""What people type about a cart, as `crm.request_change` wants it.

Products are typed one a line, an address as lines of field and value or as its number in the customer's book. What a
newcomer would get wrong: nothing is guessed here. Whether there is such a field, and whether a value will do, is for
`crm.request_change` to say; here is only told which line cannot be read at all.
"""

from __future__ import annotations

import json
import re
from typing import Any

from include.warehouse.refusals import refused

_ITEM = re.compile(r"([0-9]{1,6}(?:[.][0-9]{1,4})?)\s*[x×]?\s+(\S.*)")
_FIELD = re.compile(r"([a-z_]+)\s*:(.*)")


def items_typed(name: str, typed: str) -> list[dict[str, Any]]:
    """Lines of a cart: `2 NW-001`, pieces before the article number; options need a JSON object in the line's place.

    Raises:
        RequestRefused: the line that cannot be read.
    """
    return [_item(name, number, line) for number, line in _lines(typed)]


def address_typed(name: str, typed: str) -> dict[str, Any]:
    """An address: its number in the customer's book, or `first_name: Ada` and so on; a line without a colon goes on.

    Raises:
        RequestRefused: the line that cannot be read.
    """
    if typed.strip().isdecimal():
        return {"customer_address_id": int(typed)}
    fields: dict[str, Any] = {}
    last = None
    for number, line in _lines(typed):
        if found := _FIELD.fullmatch(line):
            last = found[1]
            if last in fields:
                raise refused(f"{name}: line {number} says {last} once more", name)
            fields[last] = found[2].strip()
        elif last == "street":
            fields[last] = f"{fields[last]}\n{line}".strip()
        else:
            raise refused(f"{name}: line {number} is not written like city: Ware", name)
    return fields


def _item(name: str, number: int, line: str) -> dict[str, Any]:
    if line.startswith("{"):
        try:
            found = json.loads(line)
        except ValueError:
            raise refused(f"{name}: line {number} is no JSON object", name) from None
        return dict(found)
    if found := _ITEM.fullmatch(line):
        return {"sku": found[2], "qty": _number(found[1])}
    raise refused(f"{name}: line {number} is not written like 2 NW-001", name)


def _number(typed: str) -> int | float:
    """As JSON has numbers; four decimals at most, so that none is lost on the way."""
    return float(typed) if "." in typed else int(typed)


def _lines(typed: str) -> list[tuple[int, str]]:
    """The lines that are not blank, with their numbers."""
    return [(number, line.strip()) for number, line in enumerate(typed.splitlines(), 1) if line.strip()]
