"""Whether an e-mail address is still free in a store, asked of the store itself at the moment it matters.

The warehouse cannot answer: it is minutes old, and a channel may leave websites out. Magento refuses a second customer
with the address of another one of the same website, or of any website where customers are shared between them.
"""

from __future__ import annotations

from include.entities.customers import CUSTOMERS_ENTITY
from include.errors import ConfigError
from include.identity.normalisation import normalise_email
from include.magento.writing import TwoWayDoor


def holder_of_email(
    door: TwoWayDoor,
    email: str,
    *,
    website_id: int,
    has_shared_customers: bool = False,
    unless: int | None = None,
) -> int | None:
    """The id of the customer who holds an e-mail address; None when it is free.

    Args:
        door: the store; asked once.
        email: the address, in any case.
        website_id: the website of the customer who shall have it.
        has_shared_customers: as the store's report says; True: customers of all websites are in the way.
        unless: id of the customer who shall have it, when there is one already.

    Raises:
        ConfigError: it is no address.
    """
    wanted = normalise_email(email)
    if wanted is None or "@" not in wanted:
        raise ConfigError("The e-mail address has no @: correct it, then check again.")
    reading = CUSTOMERS_ENTITY.reading[door.kind]
    for row in door.find(reading, "email", [email.strip()]):
        number = int(str(row[reading.id_field]))
        if number != unless and (has_shared_customers or row.get("website_id") == str(website_id)):
            return number
    return None
