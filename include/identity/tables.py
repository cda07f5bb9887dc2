"""Accounts and contacts: tables of the warehouse that no store delivers, declared in the words of the entities.

They stand here, and not in the catalogue, because nothing reads them from a store; the warehouse's schema, its data
dictionary and the erasure of a person take them from here like any other.
"""

from __future__ import annotations

from include.entities.fields import Field, Kind, flag, integer, text
from include.entities.model import Table

ACCOUNTS = Table(
    name="accounts",
    singular="account",
    grain="One row per account: whom we sell to, with all records that any website or channel has of them.",
    key=(),
    key_comment="Key of the customer who founded it, the oldest of its customers.",
    rows={},
    fields=(
        text(
            "account_name",
            "Name of the founder's contact; the e-mail where there is no name. NULL where neither is known.",
            is_personal=True,
        ),
        text("owner_name", "Who looks after it: the channel's default_owner. NULL: nobody yet."),
        integer("customer_count", "Its customers that are not gone from their store, guests included."),
        flag("has_registered_customer", "Whether one of them has registered."),
        Field(
            name="merged_into_account_key",
            kind=Kind.KEY,
            comment="Account that its founder belongs to now; then this one has no customers. NULL: it lives.",
        ),
    ),
)

CONTACTS = Table(
    name="contacts",
    singular="contact",
    grain="One row per contact: one person of an account, however many customer records that person has.",
    key=(),
    key_comment="Key of the person's oldest customer record.",
    rows={},
    fields=(
        Field(name="account_key", kind=Kind.KEY, comment="The account. Key of crm.accounts."),
        Field(
            name="customer_key",
            kind=Kind.KEY,
            comment="Customer record that the names are taken from: a registered one first, then the last changed. "
            "Key of crm.customers.",
        ),
        text("owner_name", "Who looks after them: the channel's default_owner. NULL: nobody yet."),
        text("email", "Address as the store holds it. NULL where it has none.", is_personal=True),
        text("email_normalised", "Address trimmed and in lower case, to compare by.", is_personal=True),
        text("name_prefix", "Title before the name.", is_personal=True),
        text("first_name", "First name.", is_personal=True),
        text("middle_name", "Middle name.", is_personal=True),
        text("last_name", "Last name.", is_personal=True),
        text("name_suffix", "Title behind the name.", is_personal=True),
        Field(
            name="birth_date",
            kind=Kind.DAY,
            comment="Day of birth as entered by the person. NULL where not given.",
            is_personal=True,
        ),
        text("gender", "Male or Female. NULL where not known.", is_personal=True),
    ),
    indexes=("account_key",),
)

IDENTITY_TABLES = (ACCOUNTS, CONTACTS)
