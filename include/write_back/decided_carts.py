"""Carts that people of the CRM have given up or sold otherwise, which nobody orders or changes any more.

What a newcomer would get wrong: the door has looked at this already, but an entry may wait for days, or be dead and
tried again, and the cart be decided about meanwhile.
"""

from __future__ import annotations

from sqlalchemy import text

from include.magento.faults import WriteRefused
from include.write_back.desk import Desk
from include.write_back.entry import Entry

_STATUS = text("select status from crm.carts where cart_key = :cart")
_DECIDED = {"lost": "was given up", "converted_to_opportunity": "was made an opportunity"}


def refuse_decided(desk: Desk, entry: Entry) -> None:
    """Raise WriteRefused for a cart that was decided about; none is while an entry of it is at work."""
    with desk.outbox.engine.connect() as connection:
        status = connection.execute(_STATUS, {"cart": entry.target_key}).scalar()
    if status in _DECIDED:
        raise WriteRefused(
            f"The cart {_DECIDED[status]} in the CRM: reopen it with crm.reopen_cart, then retry."
        )
