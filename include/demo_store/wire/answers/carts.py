"""Carts: the bridge lists them, the core shows one at a time to those who know its id and its store."""

from __future__ import annotations

from collections.abc import Callable

from include.demo_store.generate import oddities
from include.demo_store.shop import Shop
from include.demo_store.wire import envelope
from include.demo_store.wire.lists import Lists
from include.demo_store.wire.render_carts import bridge_cart, info_cart
from include.demo_store.wire.request import Call
from include.demo_store.wire.tables import Carts


class CartAnswers:
    """Methods about carts.

    Args:
        shop: whose.
        lists: answers list calls.
    """

    def __init__(self, shop: Shop, lists: Lists) -> None:
        self._shop, self._lists, self._carts = shop, lists, Carts(shop)

    def methods(self) -> dict[str, Callable[[Call], list[bytes]]]:
        """The methods by name."""
        return {
            "oroQuoteList": lambda call: self._lists.paged(call, "cart", self._carts, self._listed),
            "shoppingCartInfo": self._info,
        }

    def _listed(self, number: int) -> str:
        cart = self._shop.cart(number)
        return bridge_cart(cart) if cart else ""

    def _info(self, call: Call) -> list[bytes]:
        number = call.whole_number("quoteId")
        cart = self._shop.cart(number)
        store = call.text.get("storeId", call.text.get("store", "")).strip()
        is_hidden = oddities.CART_HIDDEN.has(number) and self._shop.checkout.cart(number) is None
        if cart is None or cart.row["store_id"] != store or is_hidden:
            raise envelope.QUOTE_NOT_EXISTS
        self._lists.survive("cart", [number])
        return [info_cart(cart).encode()]
