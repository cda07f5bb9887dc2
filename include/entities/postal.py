"""Name, address and telephone numbers as every kind of address has them: a customer's, a cart's, an order's.

Their order is that of the columns: what is added here is a migration of three tables.
"""

from __future__ import annotations

from include.entities.fields import integer, text
from include.magento.door import Record, texts

POSTAL = (
    text("name_prefix", "Title before the name.", "prefix", is_personal=True),
    text("first_name", "First name.", "firstname", is_personal=True),
    text("middle_name", "Middle name.", "middlename", is_personal=True),
    text("last_name", "Last name.", "lastname", is_personal=True),
    text("name_suffix", "Title behind the name.", "suffix", is_personal=True),
    text("company", "Company.", "company", is_personal=True),
    text("street", "Street; up to four lines, parted by line breaks.", "street", is_personal=True),
    text("city", "City.", "city", is_personal=True),
    text("region", "State or province as text. NULL where none was given.", "region", is_personal=True),
    integer(
        "region_id",
        "Magento's id of the state or province. NULL for countries without a list.",
        "region_id",
    ),
    text("postcode", "Postal code.", "postcode", is_personal=True),
    text("country_code", "Country, ISO 3166 two letters.", "country_id"),
    text("telephone", "Telephone as entered.", "telephone", is_personal=True),
    text("fax", "Fax as entered.", "fax", is_personal=True),
)


def joined_street(address: Record) -> str | None:
    """The lines of a street as Magento 1 sends them: one text, parted by line breaks."""
    street = address.get("street")
    lines = street if isinstance(street, str) else "\n".join(texts(address, "street"))
    return lines.strip() or None
