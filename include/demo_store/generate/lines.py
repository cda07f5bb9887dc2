"""The lines of an order: what was bought, what it cost, and how tax and discount fall on it.

A configurable child and the selections of a fixed-price bundle cost nothing; a dynamic bundle costs what its
selections cost and repeats their sum, so only lines without a parent may be added up. `parent` is known here (the
shop's database has it) but never goes over the wire.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from include.demo_store.generate import catalogue, money
from include.demo_store.generate.catalogue import Product
from include.demo_store.stores import StoreView


@dataclass(slots=True, kw_only=True)
class Line:
    """One order line before it is printed; amounts in ten-thousandths, base and order currency side by side."""

    product: Product
    kind: str
    sku: str
    options: str
    qty: int
    parent: int | None = None
    """Index of the parent line in the order."""
    free_child: bool = False
    """The parent carries price, tax and discount."""
    sums_children: bool = False
    """The children carry price, tax and discount; this line repeats their sum."""
    base_price: int = 0
    price: int = 0
    exact_price: int = 0
    base_row: int = 0
    row: int = 0
    base_tax: int = 0
    tax: int = 0
    base_discount: int = 0
    discount: int = 0
    tax_percent: int = 0
    discount_percent: int = 0
    weight: int | None = None
    """Of one piece; None where nothing is weighed, or the parent is."""

    @property
    def pays(self) -> bool:
        """Whether tax and discount are worked out on this line."""
        return not self.free_child and not self.sums_children

    @property
    def is_virtual(self) -> bool:
        """Nothing to ship."""
        return self.kind in ("virtual", "downloadable")


@dataclass(frozen=True, slots=True)
class Coupon:
    """A price rule: `percent` off every line, or `fixed` off the cart (both in ten-thousandths, base currency)."""

    code: str
    rule_id: int
    percent: int = 0
    fixed: int = 0


COUPONS = (
    Coupon("WELCOME10", 1, percent=100000), Coupon("MINUS5", 2, fixed=50000),
    Coupon("HERBST-ÜMLAUT-20%", 3, percent=200000), Coupon("GRATIS100", 4, percent=1000000),
    Coupon("welcome10", 1, percent=100000),
)  # fmt: skip


class Basket:
    """Collects lines in the currency of one store view."""

    def __init__(self, store: StoreView) -> None:
        self.store = store
        self.lines: list[Line] = []

    def base_price(self, product: Product) -> tuple[int, int]:
        """Rounded and exact base price of a product on this website."""
        exact = int(product.price * self.store.website.price_factor)
        return money.to_cents(exact), exact

    def add(self, line: Line, priced_as: Product | None = None) -> int:
        """Prices a line (as the given product) and appends it; returns its index."""
        if priced_as is not None:
            line.base_price, line.exact_price = self.base_price(priced_as)
            line.price = money.times(line.base_price, self.store.order_rate)
            line.weight = priced_as.weight
            line.base_row = money.to_cents(line.base_price * line.qty // money.ONE)
            line.row = money.to_cents(line.price * line.qty // money.ONE)
        self.lines.append(line)
        return len(self.lines) - 1

    def put(self, product: Product, qty: int, choice: int) -> None:
        """Puts a product of any type in, with all the lines it makes."""
        if product.kind == "configurable":
            self._configurable(product, qty, choice)
        elif product.kind == "bundle":
            self._bundle(product, qty)
        elif product.kind == "grouped":
            for part in product.parts[: choice + 1]:
                self.add(Line(product=part, kind="grouped", sku=part.sku, qty=qty,
                              options=catalogue.grouped_options(product)), part)  # fmt: skip
        else:
            self.add(Line(product=product, kind=product.kind, sku=product.sku, qty=qty,
                          options=catalogue.plain_options(product, qty)), product)  # fmt: skip

    def _configurable(self, product: Product, qty: int, choice: int) -> None:
        own, child = catalogue.configurable_options(product, choice, qty)
        variant = product.parts[choice]
        parent = self.add(
            Line(product=product, kind="configurable", sku=variant.sku, qty=qty, options=own), product
        )
        self.lines[parent].weight = variant.weight
        self.add(Line(product=variant, kind="simple", sku=variant.sku, qty=qty, options=child,
                      parent=parent, free_child=True))  # fmt: skip

    def _bundle(self, product: Product, qty: int) -> None:
        prices = tuple(money.times(self.base_price(part)[0], self.store.order_rate) for part in product.parts)
        own, selections = catalogue.bundle_options(product, qty, prices)
        sku = "-".join([product.sku, *(part.sku for part in product.parts)])
        line = Line(
            product=product, kind="bundle", sku=sku, qty=qty, options=own, sums_children=product.dynamic_price
        )
        parent = self.add(line, None if product.dynamic_price else product)
        for number, (part, options) in enumerate(zip(product.parts, selections, strict=True), start=1):
            child = Line(product=part, kind="simple", sku=part.sku, qty=qty * catalogue.selection_qty(number),
                         options=options, parent=parent, free_child=not product.dynamic_price)  # fmt: skip
            self.add(child, part if product.dynamic_price else None)
        if product.dynamic_price:
            self._sum_up(parent)

    def _sum_up(self, parent: int) -> None:
        line = self.lines[parent]
        children = [child for child in self.lines if child.parent == parent]
        line.base_row = sum(child.base_row for child in children)
        line.row = sum(child.row for child in children)
        line.base_price = line.exact_price = line.base_row * money.ONE // line.qty
        line.price = line.row * money.ONE // line.qty
        line.weight = sum((child.weight or 0) * child.qty // line.qty for child in children)

    def keep(self, products: int) -> None:
        """Takes out all but the first products, with their lines; -1 takes out the last one unless it is the only."""
        parents = [index for index, line in enumerate(self.lines) if line.parent is None]
        products = max(1, len(parents) + products) if products < 0 else products
        if products < len(parents):
            del self.lines[parents[products] :]

    def settle(self, coupon: Coupon | None) -> None:
        """Works out discount, then tax on what is left, then the sums that dynamic bundles repeat."""
        left = coupon.fixed if coupon else 0
        rate, percent = self.store.order_rate, self.store.tax_percent
        for line in self.lines:
            if not line.pays:
                continue
            line.tax_percent = percent
            if coupon and coupon.percent:
                line.discount_percent = coupon.percent
                line.base_discount = money.percent_of(line.base_row, coupon.percent)
                line.discount = money.percent_of(line.row, coupon.percent)
            elif left:
                line.base_discount = min(left, line.base_row)
                line.discount = min(money.times(line.base_discount, rate), line.row)
                left -= line.base_discount
            line.base_tax = money.percent_of(line.base_row - line.base_discount, percent)
            line.tax = money.percent_of(line.row - line.discount, percent)
        for index, line in enumerate(self.lines):
            if line.sums_children:
                line.base_tax = sum(child.base_tax for child in self.lines if child.parent == index)
                line.tax = sum(child.tax for child in self.lines if child.parent == index)


def fill(chance: random.Random, store: StoreView) -> Basket:
    """Draws the lines of one order: one to four products, never the same twice."""
    basket = Basket(store)
    wanted = 1 + int(chance.random() ** 2 * 4)
    seen: set[int] = set()
    for _ in range(wanted):
        product = catalogue.ON_SALE[int(chance.random() * len(catalogue.ON_SALE))]
        if product.product_id in seen:
            continue
        seen.add(product.product_id)
        pieces = 1 + int(chance.random() ** 2 * 3)
        qty = pieces * money.ONE + (money.ONE // 2 if product.decimal_qty else 0)
        basket.put(product, qty, int(chance.random() * len(product.parts)))
    return basket
