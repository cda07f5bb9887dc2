"""Ways into the records of Magento 2, which keep in records of their own what Magento 1 has in one row."""

from __future__ import annotations

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
