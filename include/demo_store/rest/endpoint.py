"""A request in, an answer out: the REST API of one shop, without any HTTP around it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import unquote

from include.demo_store.clock import HOUR
from include.demo_store.rest import carts, dictionaries, klaviyo
from include.demo_store.rest.access import OPEN, Access
from include.demo_store.rest.cart_changes import CartChanges
from include.demo_store.rest.criteria import criteria_of
from include.demo_store.rest.customer_changes import CustomerChanges
from include.demo_store.rest.field_filter import reduced, wanted
from include.demo_store.rest.order_changes import OrderChanges
from include.demo_store.rest.problems import ApiProblem, OutOfMemory, no_entity, no_route
from include.demo_store.rest.reading import DICTIONARIES, RIGHTS, SINGLES, Reading
from include.demo_store.rest.request import RestRequest
from include.demo_store.rest.routing import ADMIN, DEFAULT_STORE, Asked, route
from include.demo_store.settings import StoreSettings
from include.demo_store.shop import Shop
from include.demo_store.stores import STORES

JSON = "application/json; charset=utf-8"
_HTML = "text/html; charset=UTF-8"
_PATH = re.compile(r"(?:/index\.php)?/rest/(?:(\w+)/)?V1/(.+?)/?")
_IDS = {store.code: store.store_id for store in STORES} | {ADMIN: 0}
_SCOPES = frozenset(_IDS)
_NUMBERED = re.compile(r"(\w+)/(\d+)")
_BROKEN_PAGE = b"<html><body>500 Internal Server Error</body></html>"


class Answer(NamedTuple):
    """Status, media type and body."""

    status: int
    media_type: str
    body: bytes


class RestEndpoint:
    """Answers requests to one shop, one at a time.

    Args:
        shop: whose records.
        settings: keys, rights and misbehaviour.
    """

    def __init__(self, shop: Shop, settings: StoreSettings) -> None:
        self._shop, self._settings = shop, settings
        self._access = Access(settings)
        self._reading = Reading(shop, settings)
        self._klaviyo = klaviyo.Klaviyo(shop)
        self._routes = [
            route("POST", "integration/admin/token", OPEN, self._token),
            *CustomerChanges(shop, self._reading).routes(),
            *OrderChanges(shop).routes(),
            *CartChanges(shop, self._reading).routes(),
        ]
        self.asked: Counter[str] = Counter()
        """How often each path was asked for, refusals included; `<path> one row` where one row was enough."""

    def answer(self, request: RestRequest) -> Answer:
        """The answer to a request."""
        if request.path == "/magento_version":
            return Answer(200, _HTML, dictionaries.VERSION_PAGE.encode())
        with self._shop.lock:
            self._let_time_pass()
            try:
                return Answer(200, JSON, self._told(request))
            except ApiProblem as problem:
                return Answer(problem.status, JSON, _json(problem.body))
            except OutOfMemory:
                return Answer(500, _HTML, _BROKEN_PAGE)

    def work_ahead(self) -> bool:
        """Uses a quiet moment; False when there is nothing to do."""
        with self._shop.lock:
            return self._reading.work_ahead()

    def _let_time_pass(self) -> None:
        if self._settings.clock_step:
            self._shop.tick(self._settings.clock_step / HOUR)
        self._shop.now()

    def _told(self, request: RestRequest) -> bytes:
        found = _PATH.fullmatch(request.path)
        if found is None:
            raise no_route()
        scope, path = found[1], found[2]
        self.asked[f"{path} one row" if ("searchCriteria[pageSize]", "1") in request.query else path] += 1
        if scope and scope not in _SCOPES:
            raise ApiProblem(400, "Specified request cannot be processed.")
        body = self._of_routes(request, scope or "", path) or self._asked(request, path, scope or "")
        if request.fields is None:
            return body
        tree = wanted(request.fields)
        return _json([] if tree is None else reduced(json.loads(body), tree))

    def _of_routes(self, request: RestRequest, scope: str, path: str) -> bytes | None:
        """What changes something, or looks at a cart; None where the path is none of these."""
        for verb, pattern, resource, act in self._routes:
            if verb == request.method and (found := pattern.fullmatch(path)):
                self._access.check(request, resource)
                keys = tuple(unquote(key) for key in found.groups())
                return _json(act(Asked(keys, request.json, scope)))
        return None

    def _asked(self, request: RestRequest, path: str, scope: str) -> bytes:
        """A question."""
        if request.method != "GET":
            raise no_route()
        if path in RIGHTS:
            self._access.check(request, RIGHTS[path])
            return self._reading.lists[path].answer(criteria_of(request.query))
        if path in DICTIONARIES:
            resource, make = DICTIONARIES[path]
            self._access.check(request, resource)
            added = [klaviyo.MODULE] if path == "modules" and self._settings.klaviyo else []
            return _json(make(f"http://{request.host}/") + added)
        if path in klaviyo.PATHS and self._settings.klaviyo:
            self._access.check(request, klaviyo.RIGHT)
            return _json(self._klaviyo.answer(path, dict(request.query)))
        return _json(self._single(request, path, scope))

    def _single(self, request: RestRequest, path: str, scope: str) -> Any:
        head, _, key = path.partition("/")
        if head == "products" and key:
            self._access.check(request, RIGHTS["products"])
            return self._reading.product(key)
        if head == "carts":
            self._access.check(request, RIGHTS["carts/search"])
            return self._cart(key, scope)
        found = _NUMBERED.fullmatch(path)
        if found and head == "customers":
            self._access.check(request, RIGHTS["customers/search"])
            return self._reading.customer(int(found[2]))
        if found and head in SINGLES:
            self._access.check(request, RIGHTS[SINGLES[head]])
            return self._reading.single(head, int(found[2]))
        raise no_route()

    def _cart(self, key: str, scope: str) -> Any:
        """A cart, or what is asked of it; but for itself there is nothing to be had of one that is closed.

        A single cart is told to be of the store view it is asked through, whichever it is of.
        """
        number, _, part = key.partition("/")
        makers: dict[str, Callable[[Any], Any]] = {
            "": self._reading.carts.listed,
            "items": carts.items,
            "totals": carts.totals,
        }
        if not number.isdecimal() or part not in makers:
            raise no_route()
        cart = self._shop.cart(int(number))
        if cart is None or (part and cart.row["is_active"] != "1"):
            raise no_entity("cartId", int(number))
        found = makers[part](cart)
        return found | {"store_id": _IDS.get(scope, DEFAULT_STORE.store_id)} if not part else found

    def _token(self, asked: Asked) -> str:
        return self._access.admin_token(asked.body.get("username"), asked.body.get("password"))


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
