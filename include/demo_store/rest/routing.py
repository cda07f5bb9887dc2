"""Which request changes what: a verb and a path, the right it needs, and what is done."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from include.demo_store.rest.shapes import Json
from include.demo_store.stores import STORES, StoreView

_STORES = {store.code: store for store in STORES}
DEFAULT_STORE = STORES[0]
ADMIN = "all"


class Asked(NamedTuple):
    """One request that changes something, or looks at a cart."""

    keys: tuple[str, ...]
    """What the path names, in the order of its braces."""
    body: Json
    scope: str
    """Store code of the URL, or blank."""

    @property
    def store(self) -> StoreView:
        """The store view that what comes of it is booked to; that of the admin has none of its own."""
        return _STORES.get(self.scope, DEFAULT_STORE)

    @property
    def number(self) -> int:
        """The first key as an id."""
        return int(self.keys[0])


Act = Callable[[Asked], Any]


class Route(NamedTuple):
    """A verb and a path pattern, the resource it needs, and what is done."""

    verb: str
    path: re.Pattern[str]
    resource: str
    act: Act


def route(verb: str, path: str, resource: str, act: Act) -> Route:
    """A route whose path has `{id}` for a number and `{text}` for anything else without a slash."""
    pattern = path.replace("{id}", r"(\d+)").replace("{text}", "([^/]+)")
    return Route(verb, re.compile(pattern), resource, act)
