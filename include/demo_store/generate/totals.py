"""The order's totals, and what of them is invoiced, refunded or cancelled so far.

The header is the sum of the lines without a parent; discount and tax are the sums of the lines that carry them.
"""

from __future__ import annotations

from dataclasses import dataclass

from include.demo_store.generate import money
from include.demo_store.generate.customers import Row
from include.demo_store.generate.life import Standing
from include.demo_store.generate.lines import Basket, Line
from include.demo_store.generate.money import text

_NOTHING: frozenset[int] = frozenset()
_ADJUSTMENT = 25000, 37500
"""Adjustment refund and adjustment fee of a partial refund, base currency; the fee is the greater."""
_ADJUSTED_FROM = 100000
"""Only refunds above this (base currency) are adjusted, so that none becomes negative."""
_SHIPPING_BASE, _SHIPPING_EACH = 49000, 10000


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Which lines (by index) are invoiced, shipped, refunded or cancelled."""

    invoiced: frozenset[int]
    shipped: frozenset[int]
    refunded: frozenset[int]
    canceled: frozenset[int]
    invoiced_all: bool
    refunded_all: bool

    @classmethod
    def of(cls, standing: Standing, lines: list[Line]) -> Progress:
        """Partial steps touch the first line and its children only."""
        everything = frozenset(range(len(lines)))
        first = frozenset(index for index, line in enumerate(lines) if index == 0 or line.parent == 0)
        reached = standing.reached
        part_invoiced = first if "part_invoiced" in reached else _NOTHING
        part_refunded = first if "part_refunded" in reached else _NOTHING
        return cls(
            invoiced=everything if standing.invoiced else part_invoiced,
            shipped=everything if "shipped" in reached else _NOTHING,
            refunded=everything if "refunded" in reached else part_refunded,
            canceled=everything if "canceled" in reached else _NOTHING,
            invoiced_all=standing.invoiced,
            refunded_all="refunded" in reached,
        )


@dataclass(slots=True)
class Sums:
    """Sums over some of an order's lines, in one currency."""

    subtotal: int
    tax: int
    discount: int
    shipping: int

    @property
    def grand_total(self) -> int:
        """What has to be paid."""
        return self.subtotal + self.tax + self.shipping - self.discount


@dataclass(frozen=True, slots=True)
class Delivery:
    """What sending costs in base and in order currency, and whether there is anything to send."""

    base: int
    amount: int
    is_virtual: bool

    @classmethod
    def of(cls, basket: Basket) -> Delivery:
        """A flat rate; none for what is not sent, or given away."""
        top = [line for line in basket.lines if line.parent is None]
        is_virtual = all(line.is_virtual for line in top)
        free = sum(line.base_row for line in top) == sum(line.base_discount for line in basket.lines)
        base = 0 if is_virtual or free else _SHIPPING_BASE + _SHIPPING_EACH * len(top)
        return cls(base, money.times(base, basket.store.order_rate), is_virtual)


def is_adjusted(lines: list[Line], refunded: frozenset[int]) -> bool:
    """Whether a partial refund of some lines is adjusted up and down: those that are large enough."""
    return sums_of(lines, refunded, True, 0).grand_total > _ADJUSTED_FROM


def adjustments(rate: int) -> tuple[int, int]:
    """Adjustment refund and adjustment fee at a rate in ten-thousandths."""
    plus, minus = (money.times(amount, rate) for amount in _ADJUSTMENT)
    return plus, minus


def sums_of(lines: list[Line], chosen: frozenset[int], base: bool, shipping: int) -> Sums:
    subtotal = tax = discount = 0
    for index in chosen:
        line = lines[index]
        if line.parent is None:
            subtotal += line.base_row if base else line.row
        if line.pays:
            tax += line.base_tax if base else line.tax
            discount += line.base_discount if base else line.discount
    return Sums(subtotal, tax, discount, shipping)


def add_up(row: Row, basket: Basket, progress: Progress) -> bool:
    """Fills the totals of both currencies into the header row; returns whether there is nothing to ship."""
    lines, store = basket.lines, basket.store
    top = [line for line in lines if line.parent is None]
    delivery = Delivery.of(basket)
    adjusted = not progress.refunded_all and is_adjusted(lines, progress.refunded)
    _in_currency(row, "base_", lines, progress, delivery.base, money.ONE * adjusted)
    _in_currency(row, "", lines, progress, delivery.amount, store.order_rate * adjusted)
    row |= {
        "weight": text(sum((line.weight or 0) * line.qty // money.ONE for line in top)),
        "is_virtual": "1" if delivery.is_virtual else "0", "total_item_count": str(len(top)),
        "total_qty_ordered": text(sum(line.qty for line in top)),
    }  # fmt: skip
    if not delivery.is_virtual:
        row |= {"shipping_method": "flatrate_flatrate", "shipping_description": "Flat Rate - Fixed"}
    return delivery.is_virtual


def _in_currency(
    row: Row, prefix: str, lines: list[Line], progress: Progress, shipping: int, adjusted_at: int
) -> None:
    base = bool(prefix)
    whole = sums_of(lines, frozenset(range(len(lines))), base, shipping)
    _whole(row, prefix, whole)
    if progress.invoiced:
        _invoiced(row, prefix, sums_of(lines, progress.invoiced, base, shipping), whole)
    if progress.canceled:
        _canceled(row, prefix, whole)
    if progress.refunded:
        refunded_shipping = shipping if progress.refunded_all else 0
        _refunded(row, prefix, sums_of(lines, progress.refunded, base, refunded_shipping), adjusted_at)


def _whole(row: Row, prefix: str, sums: Sums) -> None:
    shipping, zero = text(sums.shipping), "0.0000"
    row |= {
        f"{prefix}subtotal": text(sums.subtotal), f"{prefix}tax_amount": text(sums.tax),
        f"{prefix}shipping_amount": shipping, f"{prefix}discount_amount": text(-sums.discount),
        f"{prefix}grand_total": text(sums.grand_total), f"{prefix}subtotal_incl_tax": text(sums.subtotal + sums.tax),
        f"{prefix}shipping_incl_tax": shipping, f"{prefix}shipping_tax_amount": zero,
        f"{prefix}hidden_tax_amount": zero,
        f"{prefix}shipping_discount_amount": zero, f"{prefix}total_due": text(sums.grand_total),
        f"{'base_' if prefix else ''}shipping_hidden_tax_amount": zero,
    }  # fmt: skip


def _invoiced(row: Row, prefix: str, sums: Sums, whole: Sums) -> None:
    total = text(sums.grand_total)
    row |= {
        f"{prefix}total_paid": total, f"{prefix}total_invoiced": total,
        f"{prefix}subtotal_invoiced": text(sums.subtotal), f"{prefix}tax_invoiced": text(sums.tax),
        f"{prefix}shipping_invoiced": text(sums.shipping), f"{prefix}discount_invoiced": text(-sums.discount),
        f"{prefix}hidden_tax_invoiced": "0.0000", f"{prefix}total_due": text(whole.grand_total - sums.grand_total),
    }  # fmt: skip
    if prefix:
        row["base_total_invoiced_cost"] = "0.0000"


def _canceled(row: Row, prefix: str, sums: Sums) -> None:
    row |= {
        f"{prefix}total_canceled": text(sums.grand_total), f"{prefix}subtotal_canceled": text(sums.subtotal),
        f"{prefix}tax_canceled": text(sums.tax), f"{prefix}shipping_canceled": text(sums.shipping),
        f"{prefix}discount_canceled": text(sums.discount),
    }  # fmt: skip


def _refunded(row: Row, prefix: str, sums: Sums, adjusted_at: int) -> None:
    """A refund, adjusted up and down at the given rate (0 for not at all)."""
    plus, minus = adjustments(adjusted_at)
    total = text(sums.grand_total + plus - minus)
    row |= {
        f"{prefix}total_refunded": total, f"{prefix}total_offline_refunded": total,
        f"{prefix}subtotal_refunded": text(sums.subtotal), f"{prefix}tax_refunded": text(sums.tax),
        f"{prefix}shipping_refunded": text(sums.shipping), f"{prefix}shipping_tax_refunded": "0.0000",
        f"{prefix}discount_refunded": text(-sums.discount), f"{prefix}hidden_tax_refunded": "0.0000",
        f"{prefix}adjustment_positive": text(plus), f"{prefix}adjustment_negative": text(minus),
    }  # fmt: skip
