"""A Magento 2 shop in memory that is written to: its customers, orders and carts, and the oddities that writing meets.

Behind the real door, so that what is proved holds for the requests as they go out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.magento.rest.scripted_list import HERE, conditions

Json = dict[str, Any]
VIEWS = [
    {"id": number, "code": code, "website_id": website, "is_active": 1, "name": code}
    for number, code, website in ((0, "admin", 0), (1, "main", 1), (2, "other", 2))
]
PRODUCTS = {"TEA": 11, "CUP": 12}
PRICE = 5
NOW = "2026-11-22 12:00:30"
_OPEN_CART = {"is_active": True, "is_virtual": False, "currency": {"quote_currency_code": "EUR"}}


class Missing(Exception):
    """Answered 404."""


class Refused(Exception):
    """Answered 400."""


def _of_catalogue(path: list[str], asked: dict[tuple[str, str], str]) -> Any:
    if path[0] == "store":
        websites = [{"id": number, "code": f"w{number}", "name": f"Website {number}"} for number in (1, 2)]
        return VIEWS if path[1] == "storeViews" else websites
    if path[0] == "modules":
        return []
    if path[0] == "customerGroups":
        return _page([{"id": 1, "code": "General", "tax_class_id": 3}])
    wanted = asked.get(("sku", "in"), asked.get(("sku", "eq"), "")).split(",")
    number = asked.get(("entity_id", "eq"))
    return _page([{"id": n, "sku": sku} for sku, n in PRODUCTS.items() if sku in wanted or str(n) == number])


def _cart(cart: Json, _: list[str], __: Json) -> Json:
    """As the store tells it by id: with the store view of the address, not its own."""
    told = {key: value for key, value in cart.items() if key not in ("payment", "coupon", "shipping")}
    assignments = [{"shipping": cart["shipping"], "items": []}]
    return {**told, "store_id": 1, "extension_attributes": {"shipping_assignments": assignments}}


def _totals(cart: Json, _: list[str], __: Json) -> Json:
    total = sum(PRICE * item["qty"] for item in cart["items"])
    segments = [{"code": "grand_total", "title": "Grand Total", "value": total}]
    return {"coupon_code": cart["coupon"], "grand_total": 0, "total_segments": segments}


def _payment(cart: Json, _: list[str], body: Json) -> Any:
    cart["payment"] = body.get("method", cart["payment"])
    return cart["payment"]


def _add(cart: Json, _: list[str], body: Json) -> Json:
    if body["cartItem"]["sku"] not in PRODUCTS:
        raise Missing
    item = {**body["cartItem"], "item_id": len(cart["items"]) + 1, "product_type": "simple"}
    cart["items"].append(item)
    return item


def _change(cart: Json, path: list[str], body: Json) -> bool:
    (line,) = (item for item in cart["items"] if item["item_id"] == int(path[0]))
    line.update(body.get("cartItem", {"qty": 0}))
    cart["items"] = [item for item in cart["items"] if item["qty"]]
    return True


def _billing(cart: Json, _: list[str], body: Json) -> str:
    cart["billing_address"] = body["address"]
    if body.get("useForShipping"):
        cart["shipping"]["address"] = body["address"]
    return "1"


def _shipping(cart: Json, _: list[str], body: Json) -> Json:
    told = body["addressInformation"]
    cart["billing_address"] = told["billing_address"]
    code = f"{told['shipping_carrier_code']}_{told['shipping_method_code']}"
    cart["shipping"] = {"address": told["shipping_address"], "method": code}
    return {}


def _coupon(cart: Json, path: list[str], _: Json) -> bool:
    cart["coupon"] = path[0] if path == ["TEN"] else None
    if path and not cart["coupon"]:
        raise Missing
    return True


WAYS: dict[tuple[str, str], Callable[[Json, list[str], Json], Any]] = {
    ("GET", ""): _cart,
    ("GET", "totals"): _totals,
    ("GET", "shipping-methods"): lambda *_: [
        {"carrier_code": "flat_rate", "method_code": "one", "amount": 5, "available": True}
    ],
    ("GET", "payment-methods"): lambda *_: [{"code": "checkmo", "title": "Money order"}],
    ("GET", "selected-payment-method"): _payment,
    ("PUT", "selected-payment-method"): _payment,
    ("POST", "items"): _add,
    ("PUT", "items"): _change,
    ("DELETE", "items"): _change,
    ("POST", "billing-address"): _billing,
    ("POST", "shipping-information"): _shipping,
    ("PUT", "coupons"): _coupon,
    ("DELETE", "coupons"): _coupon,
}


@dataclass
class SmallShop:
    """What the shop holds; `before` and `after` a change a test may raise what it wants.

    Attributes:
        sent: method and path of the changes so far.
    """

    customers: dict[int, Json] = field(default_factory=dict)
    orders: dict[int, Json] = field(default_factory=dict)
    carts: dict[int, Json] = field(default_factory=dict)
    sent: list[tuple[str, str, Any]] = field(default_factory=list)
    url: str = HERE
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        matched = re.fullmatch(r"/rest(?:/(\w+))?/V1/(.+)", request.url.path)
        if matched is None:
            return httpx.Response(404, text="<html>")
        answer = self._told(request, matched[1] or "", matched[2])
        answer.headers["Date"] = "Sun, 22 Nov 2026 12:00:00 GMT"
        return answer

    def _told(self, request: httpx.Request, view: str, path: str) -> httpx.Response:
        body = json.loads(request.content) if request.content else {}
        is_change = request.method != "GET"
        if is_change:
            self.before()
            self.sent.append((request.method, f"{view}/{path}", body))
        try:
            answer = self._answer(request, path.split("/"), view, body)
        except Missing:
            return httpx.Response(404, json={"message": "No such entity with %fieldName = %fieldValue"})
        except Refused as refused:
            return httpx.Response(400, json={"message": str(refused)})
        if is_change:
            self.after()
        return httpx.Response(200, json=answer)

    def _answer(self, request: httpx.Request, path: list[str], view: str, body: Json) -> Any:
        if path[0] in ("store", "modules", "products", "customerGroups"):
            return _of_catalogue(path, conditions(request))
        if path == ["carts", "search"]:
            listed = [{**_cart(cart, [], {}), "store_id": cart["store_id"]} for cart in self.carts.values()]
            return _page(_selected(listed, conditions(request)))
        if request.method == "GET" and path[1:] in ([], ["search"]):
            return _page(_selected(list(getattr(self, path[0]).values()), conditions(request)))
        if path[0] in ("customers", "addresses"):
            return self._of_customer(request.method, path, view, body)
        if path[0] == "orders" and request.method != "GET":
            return self._of_order(self.orders[int(path[1])], path[2], body)
        return self._of_cart(request.method, path[1:], view, body)

    def _of_customer(self, method: str, path: list[str], view: str, body: Json) -> Any:
        match method, path:
            case "POST", ["customers"]:
                number = max(self.customers, default=0) + 1
                self.customers[number] = {**body["customer"], "id": number, "group_id": 1, "addresses": []}
                return self.customers[number]
            case "POST", ["customers", number, "carts"]:
                mine = [
                    n
                    for n, c in self.carts.items()
                    if c["customer"].get("id") == int(number) and c["is_active"]
                ]
                return mine[0] if mine else self._new_cart(view, self.customers[int(number)])
            case "DELETE", ["addresses", number]:
                for customer in self.customers.values():
                    customer["addresses"] = [a for a in customer["addresses"] if a["id"] != int(number)]
                return True
            case _, ["customers", number] if int(number) in self.customers:
                if method == "PUT":
                    self._keep(int(number), body["customer"])
                return self.customers[int(number)]
        raise Missing

    def _keep(self, number: int, customer: Json) -> None:
        """As Magento does: addresses are all there are, one without a street is dropped without a word."""
        assert customer["id"] == number
        book = [address for address in customer.get("addresses", []) if address.get("street")]
        taken = [a["id"] for one in self.customers.values() for a in one["addresses"]]
        for address in book:
            if "id" not in address:
                address["id"] = max(taken, default=0) + 1
        self.customers[number] = {**customer, "addresses": book, "updated_at": "2026-11-23 00:00:00"}

    def _of_order(self, order: Json, what: str, body: Json) -> bool:
        if what == "comments":
            history = body["statusHistory"]
            order["status"] = history.get("status")
            order["status_histories"] = [*order.get("status_histories", []), history]
            return True
        if what == "cancel" and order["state"] == "complete":
            return False
        order["state"] = {"hold": "holded", "unhold": "processing", "cancel": "canceled"}[what]
        return True

    def _new_cart(self, view: str, customer: Json | None = None) -> int:
        number = max(self.carts, default=0) + 1
        store_id = next(v["id"] for v in VIEWS if v["code"] == view)
        whose = customer or {"email": None, "firstname": None, "lastname": None}
        cart = {
            **_OPEN_CART,
            "created_at": NOW,
            "id": number,
            "store_id": store_id,
            "customer": whose,
            "items": [],
        }
        self.carts[number] = {**cart, "payment": [], "coupon": None, "billing_address": {}, "shipping": {}}
        return number

    def _of_cart(self, method: str, path: list[str], view: str, body: Json) -> Any:
        if not path:
            return str(self._new_cart(view))
        if path == ["licence"]:
            return []
        cart, what = self.carts.get(int(path[0])), path[1:]
        if cart is None or (what and not cart["is_active"]):
            raise Missing
        if (method, what) == ("PUT", ["order"]):
            return self._order_of(cart, body)
        way = WAYS.get((method, what[0] if what else ""))
        if way is None:
            raise Missing
        return way(cart, what[1:], body)

    def _order_of(self, cart: Json, body: Json) -> str:
        if body["paymentMethod"]["method"] != "checkmo":
            raise Refused("The requested Payment Method is not available.")
        cart["is_active"] = False
        number = len(self.orders) + 1
        email = cart["customer"]["email"] or cart["billing_address"]["email"]
        self.orders[number] = {
            "entity_id": number,
            "increment_id": f"00000000{number}",
            "quote_id": cart["id"],
            "store_id": cart["store_id"],
            "state": "new",
            "status": "pending",
            "customer_email": email,
            "grand_total": sum(PRICE * item["qty"] for item in cart["items"]),
        }
        return str(number)


def _page(rows: list[Json]) -> Json:
    return {"items": rows, "search_criteria": {}, "total_count": len(rows)}


def _selected(rows: list[Json], wanted: dict[tuple[str, str], str]) -> list[Json]:
    for (name, condition), value in wanted.items():
        rows = [row for row in rows if _meets(_value(row, name), condition, value)]
    return rows


def _value(row: Json, name: str) -> Any:
    if name == "customer_id" and "customer" in row:
        return row["customer"].get("id")
    found = row.get("id") if name == "entity_id" and "entity_id" not in row else row.get(name)
    return int(found) if isinstance(found, bool) else found


def _meets(found: Any, condition: str, value: str) -> bool:
    if condition == "gt":
        return int(found) > int(value)
    if condition in ("gteq", "lt"):
        return (str(found) >= value) == (condition == "gteq")
    return str(found).casefold() in value.casefold().split(",")
