"""HubSpot: a CSV for *Import* of contacts, and an opt-out list.

Headers are the labels of HubSpot's contact properties, so that it matches them itself. Dates are year, month, day:
choose that format in the import. Nothing that HubSpot moves forward only (lifecycle stage) is in it. The legal basis is
one of HubSpot's own sentences, and only for people who agreed. The opt-out list is a file of one column, makes no
contacts and opts known ones out.

Sources: knowledge.hubspot.com/import-and-export/set-up-your-import-file (UTF-8, under 1000 columns, 512 MB and
1,048,576 rows), /import-an-opt-out-list, and /records/process-contact-data-with-lawful-basis.
"""

from __future__ import annotations

from collections.abc import Sequence

from include.segments.profiles.addresses import email_of
from include.segments.profiles.countries import country_of
from include.segments.profiles.model import Column, Companion, Profile, SegmentFacts, own_columns, text_field
from include.segments.profiles.phones import e164_of
from include.segments.profiles.recipient import SUBSCRIBED, Recipient
from include.segments.profiles.texts import birth_date_of, consent_instant_of, on_one_line, street_of


def _legal_basis(recipient: Recipient) -> str:
    return "Freely given consent from contact" if recipient.consent_state == SUBSCRIBED else ""


def _columns(facts: SegmentFacts) -> Sequence[Column]:
    return [
        Column("Email", email_of, ("email",), "E-mail, lower case", is_identity=True),
        Column("First Name", text_field("first_name"), ("first_name",), "First name"),
        Column("Last Name", text_field("last_name"), ("last_name",), "Last name"),
        Column("Phone Number", e164_of, ("phone",), "Telephone number, E.164"),
        Column("Company Name", text_field("company"), ("company",), "Company"),
        Column("Street Address", street_of, ("street",), "Street and number"),
        Column("City", text_field("city"), ("city",), "City"),
        Column("State/Region", text_field("region"), ("region",), "State or region"),
        Column("Postal Code", text_field("postcode"), ("postcode",), "Postcode"),
        Column("Country/Region", country_of, ("country_code",), "Country, ISO 3166"),
        Column("Date of birth", birth_date_of, ("birth_date",), "Date of birth, YYYY-MM-DD"),
        Column("Gender", text_field("gender"), ("gender",), "Gender as given"),
        *own_columns(facts, finish=on_one_line, takes_lists=False),
        Column("Legal basis for processing contact's data", _legal_basis, meaning="Consent, or nothing"),
        Column("Newsletter consent at", consent_instant_of, meaning="When consent was given (UTC)"),
    ]


HUBSPOT = Profile(
    name="hubspot",
    title="HubSpot",
    rules="2026-11",
    make_columns=_columns,
    same_person=email_of,
    max_bytes=512_000_000,
    max_rows=1_048_575,
    companion=Companion(headers=("Email",), how="Import as an opt-out list; before the contacts."),
)
