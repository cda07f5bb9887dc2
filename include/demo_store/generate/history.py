"""The order's status history: a row per step, newest first, about a third with a comment.

`is_customer_notified` is 2 ("does not apply") on rows the shop wrote by itself, 0 or 1 on comments.
"""

from __future__ import annotations

from include.demo_store.clock import sql_time
from include.demo_store.generate import oddities
from include.demo_store.generate.customers import Row
from include.demo_store.generate.life import STATE, Remark, Standing, Step

STEPS_PER_ORDER = 32
"""History ids of an order start at its id times this."""

_SYMBOL = {"EUR": "€", "GBP": "£", "USD": "$"}
_SMALL_TALK = (
    "Kundin wünscht Lieferung erst nächste Woche.",
    "Called the customer,\r\nwill ring back on Monday.",
    "Paket an Nachbar <Müller> & Söhne übergeben",
    "Merci pour votre commande ???? à bientôt",
    'Address checked: O\'Neill "c/o" ok; ]]> fine',
)


def rows(order_id: int, standing: Standing, order: Row) -> list[Row]:
    """The history as of the order's standing, newest first."""
    found: list[Row] = []
    status = held = STATE[standing.steps[0].kind][1]
    for number, step in enumerate(standing.steps):
        held = status if step.kind == "held" else held
        status = held if step.kind == "unheld" else STATE[step.kind][1] if step.kind in STATE else status
        if step.said is not None:
            status = "" if step.said.takes_status else step.said.status or status
            found.append(_remark(order_id * STEPS_PER_ORDER + number, order_id, step.at, status, step.said))
            continue
        if step.kind == "touched":
            continue
        comment = _comment(order_id, step, order)
        notified: str | None = "2"
        if comment is not None:
            notified = None if step.at % 61 == 0 else str(step.at % 2)
        found.append({
            "entity_id": str(order_id * STEPS_PER_ORDER + number), "parent_id": str(order_id),
            "created_at": sql_time(step.at), "is_customer_notified": notified,
            "status": None if comment and step.at % 67 == 0 else status,
            "comment": comment, "is_visible_on_front": "1" if comment and step.at % 3 == 0 else "0",
            "entity_name": "order",
        })  # fmt: skip
    if order.get("customer_note") and found[0]["comment"] is None:
        found[0] |= {"comment": order["customer_note"], "is_customer_notified": "1"}
    found.reverse()
    return found


def _remark(entity_id: int, order_id: int, at: int, status: str, said: Remark) -> Row:
    """The row that the API writes: a comment without a text is none."""
    return {
        "entity_id": str(entity_id), "parent_id": str(order_id), "created_at": sql_time(at),
        "is_customer_notified": str(int(said.is_notified)), "status": status or None, "comment": said.text or None,
        "is_visible_on_front": str(int(said.is_visible)), "entity_name": "order",
    }  # fmt: skip


def _comment(order_id: int, step: Step, order: Row) -> str | None:
    if step.kind == "canceled" and step.at % 2:
        return "Order canceled by admin O'Brien"
    if step.kind in ("refunded", "part_refunded"):
        symbol = _SYMBOL[order["base_currency_code"] or "EUR"]
        return f"Refunded amount of {symbol}{(order['base_total_refunded'] or '')[:-2]} offline."
    if step.kind != "comment":
        return None
    if oddities.COMMENT_CONTROL_CHARACTERS.has(order_id):
        return oddities.CONTROL_COMMENT
    if oddities.COMMENT_MARKUP.has(order_id):
        return oddities.MARKUP_COMMENT
    if oddities.COMMENT_HUGE.has(order_id):
        return oddities.HUGE_COMMENT
    return _SMALL_TALK[step.at % len(_SMALL_TALK)]
