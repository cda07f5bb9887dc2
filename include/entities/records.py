"""Ways into records: Magento 2 keeps in records of their own what Magento 1 has in one row, and flags may be counts."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from include.magento.door import Record, children


def record_in(record: Record, *path: str) -> Record:
    """The record at the end of a path of records; an empty one where the path ends early."""
    for name in path:
        found = record.get(name)
        record = found if isinstance(found, dict) else {}
    return record


def shipping_of(record: Record) -> Record:
    """Method and address of an order or a cart; without both where nothing is shipped.

    There is one assignment: orders to several addresses are several orders.
    """
    assignments = children(record_in(record, "extension_attributes"), "shipping_assignments")
    return record_in(assignments[0], "shipping") if assignments else {}


def ships_free(line: Record) -> object:
    """Whether a line ships free; what is no number stays as it is.

    A rule that ships some pieces free writes how many.
    """
    count = line.get("free_shipping")
    if count in (None, "0", "1"):  # nearly every line, and a Decimal takes as long as the rest of its row
        return count
    try:
        return "1" if Decimal(str(count)) else "0"
    except InvalidOperation:
        return count
