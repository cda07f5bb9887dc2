"""The attributes a shop has added, or that have no field of their own on the wire.

Only the bridge sends them, and only where its setting `oro/api/enable_attributes` is on. They are kept as they come,
those that are also columns included: which of them a shop means is for its people to say. Without the setting there is
nothing: NULL does not mean that a shop has no attributes.
"""

from __future__ import annotations

from include.entities.fields import Field, Kind, Policy
from include.magento.door import Record, children

ATTRIBUTES = Field(
    name="attributes_json",
    kind=Kind.JSON,
    comment=(
        "Further attributes by name, each value as the store sends it. NULL where it sends none: the bridge does only "
        "with its setting enable_attributes."
    ),
    magento1="attributes",
    is_personal=True,  # names, telephones and addresses are among them
    policy=Policy.KEEP_WHEN_NULL,  # a record the bridge breaks on is read without it, and must not forget them
)


def attributes_by_name(record: Record) -> dict[str, object]:
    """The custom attributes of a record of Magento 2, which sends them as a list of code and value."""
    return {
        str(entry.get("attribute_code")): entry.get("value")
        for entry in children(record, "custom_attributes")
    }
