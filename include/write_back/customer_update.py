"""Changing a customer: what the store holds now, in the words of crm, and the change that makes it what it shall be.

The fields stand in the store under the names that the customers' entity declares. What a newcomer would get wrong: an
address is the store's to refuse only when another customer of the website has it, so that is looked up at the moment it
matters; and the core lists say nothing about gender, so without the bridge it can be neither merged nor verified.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from include.entities.customers import CUSTOMERS, CUSTOMERS_ENTITY
from include.errors import TransientError
from include.magento.door import Door, Ids, Record
from include.magento.faults import WriteRefused
from include.magento.writing import UpdateCustomer
from include.write_back.outbox import Entry
from include.write_back.unique_email import holder_of_email

_WIRE = {field.name: field.source("magento1") for field in CUSTOMERS.fields}
_GENDERS = {"Male": "1", "Female": "2"}


def number_of(entry: Entry) -> int:
    """Magento's id of the customer."""
    return int((entry.record_key or "").rpartition(":")[2])


def read(door: Door, entry: Entry) -> Record | None:
    """The customer as the store has it now; None when it is gone.

    Raises:
        TransientError: it is there, and the store cannot deliver it.
    """
    selection = Ids(ids=(number_of(entry),))
    for page in door.read(CUSTOMERS_ENTITY.reading["magento1"], selection, page_size=1):
        if page.unreadable:
            raise TransientError("The store cannot deliver the customer just now: look at its error log.")
        for record in page.records:
            return record
    return None


def values_in(record: Record, names: Iterable[str]) -> dict[str, str | None]:
    """What the store holds in these fields, as crm has them.

    Raises:
        WriteRefused: the store does not say what it holds in one.
    """
    found = {name: _text(record.get(_WIRE[name])) for name in names}
    if "gender" in found and "gender" not in record:
        raise WriteRefused(
            "Without the Oro bridge the store does not tell the gender, so it cannot be changed."
        )
    if found.get("birth_date"):
        found["birth_date"] = str(found["birth_date"])[:10]  # the store adds a time of day
    return found


def change_to(entry: Entry, values: Mapping[str, str | None]) -> UpdateCustomer:
    """The change that gives the customer these values."""
    fields = {_WIRE[name]: value for name, value in values.items()}
    if values.get("gender"):
        fields["gender"] = _GENDERS[str(values["gender"])]
    return UpdateCustomer(customer_id=number_of(entry), fields=fields)


def refuse_taken(door: Door, record: Record, values: Mapping[str, str | None]) -> None:
    """Raise WriteRefused where the new e-mail is another customer's."""
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
