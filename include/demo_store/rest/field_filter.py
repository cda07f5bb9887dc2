"""The parameter `fields`: only what is named is sent, with what goes wrong on the way in a real shop.

An empty list comes as null, an object of which nothing is left as an empty list, custom attributes under their old
places in the list, and a text that cannot be read leaves nothing at all.
"""

from __future__ import annotations

import re
from typing import Any

Wanted = dict[str, "Wanted"]
_ALLOWED = re.compile(r"[\w\[\],]*")
_TOKEN = re.compile(r"\w+|[\[\],]")
_ATTRIBUTES = "custom_attributes"


def wanted(text: str) -> Wanted | None:
    """`items[id,sku],total_count` as a tree; None where it cannot be read."""
    if not _ALLOWED.fullmatch(text) or text.count("[") != text.count("]"):
        return None
    stack: list[Wanted] = [{}]
    last = ""
    for token in _TOKEN.findall(text):
        if token == "[":  # noqa: S105 - a bracket, no password
            stack.append(stack[-1].setdefault(last, {}))
        elif token == "]":  # noqa: S105 - a bracket, no password
            stack.pop()
        elif token != ",":  # noqa: S105 - a comma, no password
            last = token
            stack[-1].setdefault(last, {})
    return stack[0]


def reduced(value: Any, tree: Wanted) -> Any:
    """A value with nothing but the wanted keys."""
    if isinstance(value, list):
        return [reduced(one, tree) for one in value] or None
    if not tree or not isinstance(value, dict):
        return value
    found = {name: _below(name, value[name], below) for name, below in tree.items() if name in value}
    return found or []


def _below(name: str, value: Any, tree: Wanted) -> Any:
    if name == _ATTRIBUTES and tree and isinstance(value, list):
        kept = {str(place): one for place, one in enumerate(value) if one["attribute_code"] in tree}
        return kept or []
    return reduced(value, tree)
