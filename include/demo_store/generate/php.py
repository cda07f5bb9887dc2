"""PHP's serialize(), the text in which Magento keeps product options.

Lengths count bytes, not characters: a reader that slices characters breaks on the first umlaut.
"""

from __future__ import annotations

from typing import Any


def serialize(value: Any) -> str:
    """The serialized text of None, bool, int, float, str, list or dict."""
    if value is None:
        return "N;"
    if isinstance(value, bool):
        return f"b:{int(value)};"
    if isinstance(value, int):
        return f"i:{value};"
    if isinstance(value, float):
        return f"d:{value:.10g};"
    if isinstance(value, str):
        return f's:{len(value.encode())}:"{value}";'
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    body = "".join(serialize(key) + serialize(entry) for key, entry in pairs)
    return f"a:{len(value)}:{{{body}}}"
