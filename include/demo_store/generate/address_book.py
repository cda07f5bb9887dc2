"""Changes of an address book that somebody wrote through the API, laid over what seed and clock make.

What a newcomer would get wrong: a default is a pointer of the customer's, so that giving it to one address takes it
from the others.
"""

from __future__ import annotations

from typing import NamedTuple

from include.demo_store.clock import sql_time

Row = dict[str, str | None]
FIRST_WRITTEN = 900_000_001
"""Id of the first address that was written; those that came with their customer have lower ones."""
_DEFAULTS = ("is_default_billing", "is_default_shipping")
_COLUMNS = (
    "increment_id firstname lastname middlename prefix suffix company street city region region_id postcode country_id "
    "telephone fax"
).split()


class BookChange(NamedTuple):
    """An address written, or taken out where there are no fields; new when it was not in the book."""

    at: int
    address_id: int
    fields: Row | None


def apply(book: list[Row], change: BookChange) -> None:
    """Turn to the address in the book, oldest first, and change it."""
    number = str(change.address_id)
    row = next((card for card in book if card["customer_address_id"] == number), None)
    if change.fields is None:
        book[:] = [card for card in book if card is not row]
        return
    at = sql_time(change.at)
    if row is None:
        row = {"customer_address_id": number, "created_at": at, **dict.fromkeys(_COLUMNS)}
        row |= dict.fromkeys(_DEFAULTS, "false")
        book.append(row)
    for flag in _DEFAULTS:
        if change.fields.get(flag) == "true":
            for card in book:
                card[flag] = "false"
    row |= {**change.fields, "updated_at": at}
