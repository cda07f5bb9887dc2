"""Invoices, shipments and credit memos in common: when they are written and which lines of their order they hold.

Most steps of an order write one paper; some write two in the same second, as a merchant does who bills or refunds in
two goes. Together they are always what the order says was invoiced or refunded, to the cent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from include.demo_store.generate import totals
from include.demo_store.generate.life import Step
from include.demo_store.generate.lines import Basket, Line
from include.demo_store.generate.orders import Draft, Order, OrderHead


class Part(Enum):
    """What a paper covers."""

    ALL = 0
    """Every line, and the shipping."""
    FIRST = 1
    """The first product; of a partial refund, with its adjustments."""
    REST = 2
    """What the first left, and the shipping."""
    FIRST_WITH_FEE = 3
    """A partial refund whose adjustment refund comes on a paper of its own."""
    ADJUSTMENT = 4
    """No line, an adjustment refund only."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One invoice, shipment or credit memo before it is written out."""

    at: int
    order_id: int
    part: Part


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a paper is written from."""

    paper_id: int
    number: str
    """Increment id."""
    paper: Paper
    head: OrderHead
    order: Order
    draft: Draft

    @property
    def lines(self) -> list[tuple[int, Line]]:
        """Index and line of everything the paper covers."""
        covered = covered_by(self.paper.part, self.draft.basket.lines)
        return [(index, line) for index, line in enumerate(self.draft.basket.lines) if index in covered]

    @property
    def has_shipping(self) -> bool:
        """Whether the order's shipping is on this paper."""
        return self.paper.part in (Part.ALL, Part.REST)


def covered_by(part: Part, lines: list[Line]) -> frozenset[int]:
    """Indexes of the lines that a part holds."""
    first = frozenset(index for index, line in enumerate(lines) if index == 0 or line.parent == 0)
    everything = frozenset(range(len(lines)))
    return {
        Part.ALL: everything, Part.FIRST: first, Part.REST: everything - first, Part.FIRST_WITH_FEE: first,
        Part.ADJUSTMENT: frozenset(),
    }[part]  # fmt: skip


Baskets = Callable[[], Basket]
"""Draws the order's lines; only called where the answer depends on them."""


def invoices(order_id: int, steps: list[Step], basket: Baskets) -> Iterator[Paper]:
    """One for each payment; every sixteenth order is billed in two."""
    for step in steps:
        if step.kind == "part_invoiced":
            yield Paper(step.at, order_id, Part.FIRST)
        elif step.kind == "invoiced":
            split = order_id % 16 == 3 and _has_several(basket())
            for part in (Part.FIRST, Part.REST) if split else (Part.ALL,):
                yield Paper(step.at, order_id, part)


def shipments(order_id: int, steps: list[Step], basket: Baskets) -> Iterator[Paper]:
    """One for each order that was sent; what is virtual is complete without."""
    for step in steps:
        if step.kind == "shipped" and not all(
            line.is_virtual for line in basket().lines if line.parent is None
        ):
            yield Paper(step.at, order_id, Part.ALL)


def credit_memos(order_id: int, steps: list[Step], basket: Baskets) -> Iterator[Paper]:
    """One for each refund; every fourth full one in two, every third adjusted one with the adjustment apart."""
    for step in steps:
        if step.kind == "refunded":
            split = order_id % 4 == 1 and _has_several(basket())
            for part in (Part.FIRST, Part.REST) if split else (Part.ALL,):
                yield Paper(step.at, order_id, part)
        elif step.kind == "part_refunded":
            split = order_id % 3 == 1 and is_adjusted(basket())
            for part in (Part.FIRST_WITH_FEE, Part.ADJUSTMENT) if split else (Part.FIRST,):
                yield Paper(step.at, order_id, part)


def is_adjusted(basket: Basket) -> bool:
    """Whether a partial refund of these lines is adjusted."""
    return totals.is_adjusted(basket.lines, covered_by(Part.FIRST, basket.lines))


def _has_several(basket: Basket) -> bool:
    return sum(line.parent is None for line in basket.lines) > 1
