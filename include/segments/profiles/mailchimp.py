"""Mailchimp: a CSV for *Import contacts*, and one to import as *Unsubscribed*.

Only `Email Address` is required; columns are matched by header. Values end at 255 bytes (not characters), so they are
clipped here, where no character is cut in half; lists as JSON, which would be cut in the middle, are left out. An
address is one cell with two blanks between its parts and the country last, GB for the United Kingdom; without street,
city, postcode and country Mailchimp would sort the parts wrongly, so then the cell is empty. Addresses with more than
ASCII before the @ are refused there and invalid here. The import gives one status to all rows, so consent stands in
two ordinary columns.

Sources: mailchimp.com/help/format-guidelines-for-your-import-file; tags up to 100 characters:
mailchimp.com/help/getting-started-with-tags.
"""

from __future__ import annotations

from collections.abc import Sequence

from include.segments.profiles.addresses import ascii_mailbox_of
from include.segments.profiles.countries import country_of
from include.segments.profiles.model import Column, Companion, Profile, SegmentFacts, own_columns, text_field
from include.segments.profiles.phones import e164_of
from include.segments.profiles.recipient import Recipient
from include.segments.profiles.texts import consent_instant_of, on_one_line, one_line, street_of

_CELL_BYTES = 255
_TAG_CHARACTERS = 100
_BETWEEN_PARTS = "  "


def _address(recipient: Recipient) -> str:
    street, city, region, postcode = (
        street_of(recipient),
        one_line(recipient.city),
        one_line(recipient.region),
        one_line(recipient.postcode),
    )
    country = country_of(recipient)
    if not (street and city and postcode and country):
        return ""
    whole = _BETWEEN_PARTS.join(part for part in (street, city, region, postcode, country) if part)
    # Clipped, it would be an address elsewhere: the country stands last.
    return whole if len(whole.encode()) < _CELL_BYTES else ""


def _birthday(recipient: Recipient) -> str:
    return recipient.birth_date.strftime("%m/%d") if recipient.birth_date else ""


def _columns(facts: SegmentFacts) -> Sequence[Column]:
    tag = facts.name[:_TAG_CHARACTERS]
    return [
        Column("Email Address", ascii_mailbox_of, ("email",), "E-mail, lower case", is_identity=True),
        Column("First Name", text_field("first_name"), ("first_name",), "First name, 255 bytes"),
        Column("Last Name", text_field("last_name"), ("last_name",), "Last name, 255 bytes"),
        Column(
            "Address",
            _address,
            ("street", "city", "region", "postcode", "country_code"),
            "Whole address in one cell, two blanks between its parts",
        ),
        Column("Phone Number", e164_of, ("phone",), "Telephone number, E.164"),
        Column("Birthday", _birthday, ("birth_date",), "Birthday, MM/DD"),
        Column("Company", text_field("company"), ("company",), "Company, 255 bytes"),
        *own_columns(facts, finish=on_one_line, takes_lists=False),
        Column("Consent", text_field("consent_state"), meaning="What the person said"),
        Column("Consent Time", consent_instant_of, meaning="When (UTC)"),
        Column("Tags", lambda _: tag, meaning="The segment"),
    ]


MAILCHIMP = Profile(
    name="mailchimp",
    title="Mailchimp",
    rules="2026-11",
    make_columns=_columns,
    same_person=ascii_mailbox_of,
    max_cell_bytes=_CELL_BYTES,
    companion=Companion(
        headers=("Email Address",), how="Import into the same audience with the status Unsubscribed."
    ),
)
