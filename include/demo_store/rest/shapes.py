"""From rows of text to JSON objects: which columns an object has, under which names and of which types.

A key is left out where the column is NULL, but for those an interface of Magento declares as required. Numbers are
whole where nothing stands behind the point, as PHP writes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from include.demo_store.generate.customers import Row

Json = dict[str, Any]


@lru_cache(maxsize=1 << 16)
def number(text: str) -> int | float:
    """`111.4900` as 111.49, and `15.0000` as 15."""
    value = float(text)
    return int(value) if value.is_integer() else value


def whole(text: str) -> int:
    """An id, a flag or a count."""
    return int(float(text))


def flag(text: str) -> bool:
    """A flag that is a boolean in JSON."""
    return text not in ("0", "")


def text_of(text: str) -> str:
    """As it is."""
    return text


_TYPES: dict[str, Callable[[str], Any]] = {"s": text_of, "i": whole, "n": number, "b": flag}


class Shape:
    """The plain keys of one kind of object.

    Args:
        required: names of keys that are null instead of left out.
        sources: columns of keys whose column has another name.
        **names: names of keys by type: `s` text, `i` whole, `n` number, `b` boolean.
    """

    def __init__(self, *, required: str = "", sources: Mapping[str, str] | None = None, **names: str) -> None:
        columns = sources or {}
        self._keys = [
            (name, columns.get(name, name), _TYPES[type_])
            for type_, listed in names.items()
            for name in listed.split()
        ]
        self._required = dict.fromkeys(required.split())

    def fill(self, row: Row) -> Json:
        """The object of a row."""
        found: Json = dict(self._required)
        for name, column, convert in self._keys:
            value = row.get(column)
            if value is not None:
                found[name] = convert(value)
        return found


def without_nulls(**values: Any) -> Json:
    """An object of what there is."""
    return {name: value for name, value in values.items() if value is not None}
