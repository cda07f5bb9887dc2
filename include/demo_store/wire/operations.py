"""What each SOAP method answers: one small function per method, found by name in `Answers`.

To add a method: its row in `schema.METHODS`, a function in the module of its resource, and a rendering if it has a new
type.
"""

from __future__ import annotations

from collections.abc import Callable

from include.demo_store.registers.all import Changes
from include.demo_store.settings import StoreSettings
from include.demo_store.shop import Shop
from include.demo_store.wire.answers.cart_changes import CartChanges
from include.demo_store.wire.answers.carts import CartAnswers
from include.demo_store.wire.answers.catalogue import CatalogueAnswers
from include.demo_store.wire.answers.customer_changes import CustomerChanges
from include.demo_store.wire.answers.customers import CustomerAnswers
from include.demo_store.wire.answers.directory import DirectoryAnswers
from include.demo_store.wire.answers.order_changes import OrderChanges
from include.demo_store.wire.answers.orders import OrderAnswers
from include.demo_store.wire.answers.papers import PaperAnswers
from include.demo_store.wire.answers.stores import store_methods
from include.demo_store.wire.lists import Lists
from include.demo_store.wire.request import Call

_LISTED_BY = {
    "customers": ("customerCustomerList", "oroCustomerList"),
    "orders": ("salesOrderList", "oroOrderList"),
    "carts": ("oroQuoteList",),
    "subscribers": ("newsletterSubscriberList",),
}
"""Methods whose rows change when a record of the kind does; papers never change."""


class Answers:
    """Answers calls from the shop's present state.

    Args:
        shop: whose records.
        settings: what the bridge adds, and on which records the shop dies.
    """

    def __init__(self, shop: Shop, settings: StoreSettings) -> None:
        self._lists = Lists(settings.max_rows, settings.fatal_ids())
        attributes = settings.eav_attributes
        shop.on_change(self._forget)
        self.methods: dict[str, Callable[[Call], list[bytes]]] = {
            **store_methods(settings.bridge_version),
            **CustomerAnswers(shop, self._lists, attributes).methods(),
            **CustomerChanges(shop).methods(),
            **OrderChanges(shop).methods(),
            **OrderAnswers(shop, self._lists, attributes).methods(),
            **CartChanges(shop).methods(),
            **CartAnswers(shop, self._lists).methods(),
            **PaperAnswers(shop, self._lists).methods(),
            **CatalogueAnswers(shop, self._lists).methods(),
            **DirectoryAnswers(shop, self._lists).methods(),
        }

    def work_ahead(self) -> bool:
        """Uses a quiet moment; False when there is nothing to do."""
        return self._lists.work_ahead()

    def _forget(self, changes: Changes) -> None:
        for kind, methods in _LISTED_BY.items():
            self._lists.forget(methods, getattr(changes, kind))
