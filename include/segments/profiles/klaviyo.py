"""Klaviyo: a CSV for *Import contacts* of a list, and one for *Suppressed profiles*.

The first column must be `Email`; further headers are Klaviyo's own property names, or become custom properties. Phone
numbers keep their leading `+`: Klaviyo takes E.164 only, and a spreadsheet reads such a cell as a number, not as a
formula. Uploading asks nobody again (no double opt-in), so the file must hold only people who agreed.

Sources: help.klaviyo.com/hc/en-us/articles/115005078967 (format, 50 MB), /360043841811 (consent columns and values),
/115005073867 (suppression: one column, `Email`).
"""

from __future__ import annotations

from collections.abc import Sequence

from include.segments.profiles.addresses import email_of
from include.segments.profiles.countries import country_of
from include.segments.profiles.model import Column, Companion, Profile, SegmentFacts, own_columns, text_field
from include.segments.profiles.phones import e164_of
from include.segments.profiles.recipient import SUBSCRIBED, UNSUBSCRIBED, Recipient
from include.segments.profiles.texts import birth_date_of, consent_instant_of, on_one_line, street_of

_SAID = {SUBSCRIBED: "Subscribe", UNSUBSCRIBED: "Unsubscribed"}


def _consent(recipient: Recipient) -> str:
    return _SAID.get(recipient.consent_state or "", "Never subscribed")


def _columns(facts: SegmentFacts) -> Sequence[Column]:
    return [
        Column("Email", email_of, ("email",), "E-mail, lower case", is_identity=True),
        Column("First Name", text_field("first_name"), ("first_name",), "First name"),
        Column("Last Name", text_field("last_name"), ("last_name",), "Last name"),
        Column("Phone Number", e164_of, ("phone",), "Telephone number, E.164"),
        Column("Organization", text_field("company"), ("company",), "Company"),
        Column("Address", street_of, ("street",), "Street and number"),
        Column("City", text_field("city"), ("city",), "City"),
        Column("State/Region", text_field("region"), ("region",), "State or region"),
        Column("Zip Code", text_field("postcode"), ("postcode",), "Postcode"),
        Column("Country", country_of, ("country_code",), "Country, ISO 3166"),
        Column("Birthday", birth_date_of, ("birth_date",), "Date of birth, YYYY-MM-DD"),
        Column("Gender", text_field("gender"), ("gender",), "Gender as given"),
        *own_columns(facts, finish=on_one_line),
        Column("Email Marketing Consent", _consent, meaning="Subscribe, Unsubscribed or Never subscribed"),
        Column("Email Marketing Consent Timestamp", consent_instant_of, meaning="Since when (UTC)"),
    ]


KLAVIYO = Profile(
    name="klaviyo",
    title="Klaviyo",
    rules="2026-11",
    make_columns=_columns,
    same_person=email_of,
    max_bytes=50_000_000,
    companion=Companion(
        headers=("Email",), how="Upload under Profiles, Suppressed profiles; before the list, not after it."
    ),
)
