"""What should hold of an order. Sums only warn: hidden tax, gift cards and fees of extensions are healthy."""

from __future__ import annotations

from include.entities.model import Expectation, Frames, Severity

# The order's total is exact in the recorded shop; a line may round once, so a cent per line is no news.
CENT = 0.01


def _measure_totals(frames: Frames) -> None:
    """Difference of the grand total from its parts, and of the subtotal from the lines without a parent."""
    orders, items = frames["orders"], frames["order_items"]
    parts = sum(
        orders[name].fillna(0).astype(float)
        for name in (
            "subtotal_amount",
            "tax_amount",
            "shipping_amount",
            "discount_amount",
            "hidden_tax_amount",
        )
    )
    lines = items[items["parent_item_key"].isna()]
    of_lines = lines["row_total_amount"].astype(float).groupby(lines["order_key"]).sum()
    line_count = items.groupby("order_key").size()
    tolerance = CENT * orders["order_key"].map(line_count).fillna(0).clip(lower=1).astype(float) + 1e-9
    subtotal = orders["subtotal_amount"].astype(float)
    orders["grand_total_excess_cents"] = (
        orders["grand_total_amount"].astype(float) - parts
    ).abs() - tolerance
    orders["subtotal_excess_cents"] = (
        subtotal - orders["order_key"].map(of_lines).astype(float)
    ).abs() - tolerance
    orders["line_count"] = orders["order_key"].map(line_count).fillna(0).astype(int)


MEASURES = (_measure_totals,)

EXPECTATIONS = (
    Expectation(
        rule="order_number_is_present",
        table="orders",
        severity=Severity.WARN,
        type="ExpectColumnValuesToNotBeNull",
        arguments={"column": "order_number"},
        meaning="An order has a number people see.",
    ),
    Expectation(
        rule="order_has_lines",
        table="orders",
        severity=Severity.REJECT,
        type="ExpectColumnValuesToBeBetween",
        arguments={"column": "line_count", "min_value": 1},
        meaning="An order has at least one line; one without any was cut on the way.",
    ),
    Expectation(
        rule="grand_total_is_the_sum_of_its_parts",
        table="orders",
        severity=Severity.WARN,
        type="ExpectColumnValuesToBeBetween",
        arguments={"column": "grand_total_excess_cents", "max_value": 0},
        meaning="Subtotal, tax, shipping and discount add up to the grand total, within a cent per line.",
    ),
    Expectation(
        rule="lines_add_up_to_the_subtotal",
        table="orders",
        severity=Severity.WARN,
        type="ExpectColumnValuesToBeBetween",
        arguments={"column": "subtotal_excess_cents", "max_value": 0},
        meaning="Lines without a parent add up to the subtotal, within a cent per line.",
    ),
    Expectation(
        rule="customer_email_is_present",
        table="orders",
        severity=Severity.WARN,
        type="ExpectColumnValuesToNotBeNull",
        arguments={"column": "customer_email"},
        meaning="An order has an e-mail address to reach the buyer.",
    ),
    Expectation(
        rule="updated_at_is_present",
        table="orders",
        severity=Severity.WARN,
        type="ExpectColumnValuesToNotBeNull",
        arguments={"column": "source_updated_at"},
        meaning="The store knows when the order was last changed.",
    ),
    Expectation(
        rule="ordered_qty_is_positive",
        table="order_items",
        severity=Severity.WARN,
        type="ExpectColumnValuesToBeBetween",
        arguments={"column": "ordered_qty", "min_value": 0, "strict_min": True},
        meaning="A line has a positive quantity.",
    ),
)
