"""The question whether a cart may be ordered, for channels that have a person asked before.

The cart is told in words that name nobody: products, pieces, sums and methods. What a newcomer would get wrong: a yes
is for what was shown. It is kept as the sum that the person saw, so a cart that comes to something else is asked about
anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, text

from include.magento.cart_changes import CartTotal
from include.write_back.cart_content import CartContent, as_number
from include.write_back.entry import Entry

TOTAL = "order_total"
"""Under this name the sum that a person is asked about stands in the log, and what they said yes to in the entry."""
SECOND_PERSON = "needs_second_person"
"""Under this name an entry says that nobody may say yes who asked for the order; crm.decide_change knows it."""

_WAITING = text(
    """
    select outbox_id, target_key, result_json ->> 'question' as words,
        (select max(decided.entry_id) from ops.write_back_log as decided
            where decided.outbox_id = outbox.outbox_id) as shown_entry_id
    from crm.outbox
    where state = 'conflict' and kind = 'cart_to_order' and result_json ? 'question'
        and (select decided.field_name from ops.write_back_log as decided
            where decided.outbox_id = outbox.outbox_id
                and decided.decided_at >= coalesce(cast(:since as timestamptz), '-infinity')
            order by decided.entry_id desc limit 1) = :total
    order by outbox_id
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderQuestion:
    """A cart that waits for a yes.

    Attributes:
        outbox_id, cart_key: its entry and key.
        words: the cart, without naming anybody.
        shown_entry_id: row of ops.write_back_log with what they tell; an answer is to this and nothing later.
    """

    outbox_id: int
    cart_key: str
    words: str
    shown_entry_id: int


def is_approved(entry: Entry, holds: CartContent) -> bool:
    """Whether somebody said yes to what the cart comes to now."""
    said = (entry.base_json or {}).get(TOTAL)
    return said is not None and Decimal(str(said)) == holds.grand_total


def question(entry: Entry, holds: CartContent, totals: Sequence[CartTotal]) -> str:
    """The cart in words."""
    currency = holds.currency or ""
    lines = [f"- {as_number(qty)} × {name}" for name, qty in holds.names]
    sums = [f"- {line.title}: {line.amount:.2f} {currency}" for line in totals]
    how = [f"Paid by {holds.payment_method}"]
    how += [f"shipped by {holds.shipping_method}"] if holds.shipping_method else []
    how += [f"coupon {holds.coupon_code}"] if holds.coupon_code else []
    return "\n".join([f"Cart {entry.target_key}:", *lines, "", *sums, "", ", ".join(how) + "."])


def waiting(connection: Connection, *, since: datetime | None = None) -> list[OrderQuestion]:
    """The carts that somebody has to be asked about, in the order of asking; only those come upon since then."""
    rows = connection.execute(_WAITING, {"total": TOTAL, "since": since})
    return [
        OrderQuestion(
            outbox_id=row.outbox_id,
            cart_key=row.target_key,
            words=row.words,
            shown_entry_id=row.shown_entry_id,
        )
        for row in rows
    ]
