"""Changing a customer: read fresh, merge, write what shall be different, read back.

The fields stand in the store under the names that the customers' entity declares. What a newcomer would get wrong: an
address is the store's to refuse only when another customer of the website has it, so that is looked up at the moment it
matters; and the core lists say nothing about gender, so without the bridge it can be neither merged nor verified.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from include.entities.customers import CUSTOMERS, CUSTOMERS_ENTITY
from include.errors import DataError
from include.magento.door import Record
from include.magento.faults import WriteRefused
from include.magento.writing import TwoWayDoor, UpdateCustomer
from include.write_back.desk import Desk
from include.write_back.merge import Merge, merge
from include.write_back.outbox import Entry, Outcome
from include.write_back.unique_email import holder_of_email

_READING = CUSTOMERS_ENTITY.reading["magento1"]
_WIRE = {field.name: field.source("magento1") for field in CUSTOMERS.fields}
_GENDERS = {"Male": "1", "Female": "2"}


def attempt(desk: Desk, entry: Entry) -> Outcome:
    """Merge the change with what the store holds now, and write what is left of it.

    Raises:
        DataError: the store does not accept it, or holds something else afterwards.
    """
    record = desk.whole(_READING, entry)
    merged = _merged(desk, entry, record)
    desk.outbox.note(entry, merged)
    if merged.is_open:
        both = ", ".join(decision.field for decision in merged.decisions if decision.is_open)
        return Outcome(state="conflict", error=f"Store and CRM both changed {both}: somebody has to decide.")
    if merged.to_write:
        _refuse_taken(desk.door, record, merged.to_write)
        desk.write(entry, _change_to(entry, merged.to_write))
        _verify(desk, entry, merged.to_write)
    return Outcome(state="done", result={"written": sorted(merged.to_write)})


def preview(desk: Desk, entry: Entry) -> list[str]:
    """The fields that would be written."""
    return list(_merged(desk, entry, desk.whole(_READING, entry)).to_write)


def _merged(desk: Desk, entry: Entry, record: Record) -> Merge:
    wanted = _texts(entry.wanted_json)
    remote = _values_in(record, wanted)
    return merge(_texts(entry.base_json or {}), wanted, remote, desk.settings.priority)


def _verify(desk: Desk, entry: Entry, values: Mapping[str, str | None]) -> None:
    holds = _values_in(desk.read_back(desk.whole, _READING, entry), values)
    other = sorted(name for name, value in values.items() if (value or None) != holds[name])
    if other:
        raise DataError(f"The store took the change and holds something else in {', '.join(other)}.")


def _values_in(record: Record, names: Iterable[str]) -> dict[str, str | None]:
    """What the store holds in these fields, as crm has them."""
    found = {name: _text(record.get(_WIRE[name])) for name in names}
    if "gender" in found and "gender" not in record:
        raise WriteRefused(
            "Without the Oro bridge the store does not tell the gender, so it cannot be changed."
        )
    if found.get("birth_date"):
        found["birth_date"] = str(found["birth_date"])[:10]  # the store adds a time of day
    return found


def _change_to(entry: Entry, values: Mapping[str, str | None]) -> UpdateCustomer:
    fields = {_WIRE[name]: value for name, value in values.items()}
    if values.get("gender"):
        fields["gender"] = _GENDERS[str(values["gender"])]
    return UpdateCustomer(customer_id=entry.number, fields=fields)


def _refuse_taken(door: TwoWayDoor, record: Record, values: Mapping[str, str | None]) -> None:
    email = values.get("email")
    if not email:
        return
    holder = holder_of_email(
        door,
        email,
        website_id=int(str(record.get("website_id") or 0)),
        has_shared_customers=bool(door.report().has_shared_customers),
        unless=int(str(record["customer_id"])),
    )
    if holder is not None:
        raise WriteRefused(
            f"Another customer of the store ({holder}) has the e-mail address: choose another one."
        )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _texts(values: Mapping[str, Any]) -> dict[str, str | None]:
    """JSON values as the store writes them; no field of a customer is a flag."""
    return {name: None if value is None else str(value) for name, value in values.items()}
