"""What happens to an order after it was placed, and how it stands at a given instant.

The whole life is fixed from the start and only revealed by the clock: an order at 12:00 is its life cut off at
12:00. So `tick` by 24 hours and 24 ticks by one hour give the same shop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from include.demo_store.chance import mix
from include.demo_store.clock import DAY, HOUR
from include.demo_store.generate import oddities


class Remark(NamedTuple):
    """A comment that somebody wrote through the API, with the status they gave the order; none leaves it as it is."""

    status: str
    text: str
    is_notified: bool
    is_visible: bool = False
    takes_status: bool = False
    """The order has no status afterwards."""
    is_silent: bool = False
    """The order's own date does not move."""


class Step(NamedTuple):
    """One thing that happened to an order, at seconds since 1970."""

    at: int
    kind: str
    said: Remark | None = None


STATE = {
    "placed": ("new", "pending"),
    "awaiting_payment": ("pending_payment", "pending_payment"),
    "review": ("payment_review", "payment_review"),
    "invoiced": ("processing", "processing"),
    "part_invoiced": ("processing", "processing"),
    "waiting_stock": ("processing", "waiting_for_stock"),
    "shipped": ("complete", "complete"),
    "part_refunded": ("complete", "complete"),
    "refunded": ("closed", "closed"),
    "canceled": ("canceled", "canceled"),
    "held": ("holded", "holded"),
    "released": ("new", "pending"),
}
"""State and status that a step leads to; steps that are not listed (comments, bulk touches) change neither."""
STATUSES = tuple(sorted({status for _, status in STATE.values()}))
STATE_OF_STATUS = {status: state for state, status in STATE.values()}

_SOON = (HOUR // 4, 30 * HOUR)
_LATER = (6 * HOUR, 4 * DAY)
_LONG = (3 * DAY, 20 * DAY)
_PAID = ("invoiced", _SOON)
_SENT = ("shipped", _LATER)
_PLANS: tuple[tuple[int, str, tuple[tuple[str, tuple[int, int]], ...]], ...] = (
    (72, "placed", (_PAID, _SENT)),
    (6, "placed", (_PAID, _SENT, ("refunded", _LONG))),
    (6, "placed", (_PAID, _SENT, ("part_refunded", _LONG))),
    (12, "placed", (("canceled", _LATER),)),
    (3, "placed", (("held", _SOON),)),
    (3, "placed", (("held", _SOON), ("released", _LATER), _PAID, _SENT)),
    (6, "placed", ()),
    (2, "review", ()),
    (2, "review", (_PAID, _SENT)),
    (2, "awaiting_payment", ()),
    (3, "awaiting_payment", (("canceled", _LATER),)),
    (5, "placed", (_PAID,)),
    (3, "placed", (("part_invoiced", _SOON),)),
    (3, "placed", (_PAID, ("waiting_stock", _LATER))),
)
"""Share in 128ths, first step, and the steps that follow with the shortest and longest wait before each."""
_PLAN_BY_LOT = tuple(plan for plan in _PLANS for _ in range(plan[0]))


def life(
    order_id: int, bits: int, created: int, *, edited_at: int | None, mass_update_at: int | None
) -> list[Step]:
    """All steps of an order, oldest first.

    Args:
        order_id: decides about oddities.
        bits: 64 bits of chance of this order.
        created: when it was placed.
        edited_at: when it was cancelled in favour of an edited copy, if it was.
        mass_update_at: when a bulk action touched it, if one did.
    """
    _, first, rest = _PLAN_BY_LOT[bits & 127]
    steps = [Step(created, first)]
    if edited_at is not None:
        steps = [Step(created, "placed"), Step(edited_at, "canceled")]
    else:
        at = created
        for kind, (shortest, longest) in rest:
            bits = mix(bits)
            at += shortest + bits % (longest - shortest)
            steps.append(Step(at, kind))
    steps.extend(_comments(order_id, mix(bits), created))
    if mass_update_at is not None:
        steps.append(Step(mass_update_at, "touched"))
    steps.sort()
    return steps


def _comments(order_id: int, bits: int, created: int) -> list[Step]:
    if oddities.COMMENT_MANY.has(order_id):
        return [Step(created + 2 * DAY + hour * HOUR, "comment") for hour in range(12)]
    if oddities.COMMENT_MARKUP.has(order_id) or oddities.COMMENT_CONTROL_CHARACTERS.has(order_id):
        return [Step(created + HOUR, "comment")]
    if oddities.COMMENT_HUGE.has(order_id):
        return [Step(created + 2 * HOUR, "comment")]
    if bits & 3:
        return []
    return [Step(created + HOUR + (bits >> 8) % (20 * DAY), "comment")]


@dataclass(frozen=True, slots=True)
class Standing:
    """How an order stands at an instant."""

    steps: tuple[Step, ...]
    """What has happened so far, oldest first."""
    status: str
    """Blank after a comment that took it away."""
    before_hold: str | None
    reached: frozenset[str]
    led_to: str
    """The status that its steps led to: a comment may have written any other, and the state stays."""

    @property
    def state(self) -> str:
        """Magento's state behind the status."""
        return STATE_OF_STATUS[self.led_to]

    @property
    def invoiced(self) -> bool:
        """Paid in full (a part invoice is told apart by `part_invoiced` in `reached`)."""
        return "invoiced" in self.reached

    @property
    def updated(self) -> int:
        """When something last happened to it."""
        return next(step.at for step in reversed(self.steps) if step.said is None or not step.said.is_silent)


def with_written(planned: list[Step], written: list[Step]) -> list[Step]:
    """A life with what somebody did through the API: once held or cancelled by hand, nothing goes on by itself."""
    taken_over = next((step.at for step in written if step.said is None), None)
    if taken_over is not None:
        planned = [step for step in planned if step.at <= taken_over]
    return sorted([*planned, *written], key=lambda step: step.at)


def standing(steps: list[Step], now: int) -> Standing:
    """Cuts a life off at an instant; the order must have been placed by then."""
    happened = tuple(step for step in steps if step.at <= now)
    status = before = STATE[happened[0].kind][1]
    hold: str | None = None
    for step in happened:
        if step.said is not None:
            status = "" if step.said.takes_status else step.said.status or status
        elif step.kind == "unheld":
            before = status = hold or before
            hold = None
        elif step.kind in STATE:
            hold = before if step.kind == "held" else None
            before = status = STATE[step.kind][1]
    return Standing(happened, status, hold, frozenset(step.kind for step in happened), before)
