"""What happens to a cart: it becomes an order, or it is left behind, perhaps emptied, deactivated and cleaned away.

As with orders the whole life is fixed from the start and the clock reveals it. Becoming an order is one step among
others: until then nobody can tell the cart from one that will be left behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from include.demo_store.chance import mix
from include.demo_store.clock import DAY, HOUR

_CHANGES = {0: "emptied", 1: "item_removed", 2: "item_removed"}
"""One cart in sixteen is emptied, one in eight loses a product; by a draw from 0 to 15."""


class CartStep(NamedTuple):
    """One thing that happened to a cart, at seconds since 1970."""

    at: int
    kind: str


def bought(created: int, placed: int) -> list[CartStep]:
    """The life of a cart that becomes an order."""
    return [CartStep(created, "created"), CartStep(max(created, placed), "placed")]


def left_behind(bits: int, created: int) -> list[CartStep]:
    """The life of a cart that does not: half of them stay open for good, a quarter is deleted in the end."""
    steps = [CartStep(created, "created")]
    at = created
    if bits & 3:
        at += HOUR // 4 + (bits >> 8) % (30 * HOUR)
        steps.append(CartStep(at, "touched"))
    if kind := _CHANGES.get(bits >> 2 & 15):
        at += HOUR // 4 + (bits >> 16) % (3 * DAY)
        steps.append(CartStep(at, kind))
    fate = bits >> 40 & 7
    if fate >= 4:
        at += 10 * DAY + mix(bits) % (30 * DAY)
        steps.append(CartStep(at, "deactivated"))
    if fate >= 6:
        # The shop's own cleaning takes inactive carts that nobody touched for thirty days.
        steps.append(CartStep(at + 30 * DAY, "deleted"))
    return steps


@dataclass(frozen=True, slots=True)
class CartStanding:
    """How a cart stands at an instant."""

    steps: tuple[CartStep, ...]
    """What has happened so far, oldest first."""

    @classmethod
    def of(cls, steps: list[CartStep], now: int) -> CartStanding:
        """Cuts a life off; the cart must be there by then."""
        return cls(tuple(step for step in steps if step.at <= now))

    def reached(self, kind: str) -> int | None:
        """When a step was made; None when it was not."""
        return next((step.at for step in self.steps if step.kind == kind), None)

    @property
    def kept(self) -> int | None:
        """How many products are left, as `Basket.keep` takes it; None for all of them."""
        if self.reached("emptied"):
            return 0
        return -1 if self.reached("item_removed") else None

    @property
    def active(self) -> bool:
        """Neither an order nor deactivated."""
        return not self.reached("placed") and not self.reached("deactivated")

    @property
    def updated(self) -> int:
        """When something last happened to it."""
        return self.steps[-1].at
