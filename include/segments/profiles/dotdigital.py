"""dotdigital: a CSV for *Import contacts* or the API's bulk import, and one for *Suppressed contacts*.

One column is called `Email`; others become data fields of the same name, so the names are those that dotdigital's own
Magento extension makes. Names of data fields are capitals, digits and underscores, 20 at most. The five CONSENT columns
stand together or consent is not imported; what a newsletter list does not know (page, address, browser) stays empty.

Sources: developer.dotdigital.com/reference/bulk-import-contacts (file, consent columns), support.dotdigital.com
articles 8198717 (telephone numbers) and hc/en-gb/articles/4497466898450 (suppression by file).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from include.segments.profiles.addresses import email_of
from include.segments.profiles.countries import country_of
from include.segments.profiles.model import Column, Companion, Profile, SegmentFacts, own_columns, text_field
from include.segments.profiles.phones import e164_of
from include.segments.profiles.recipient import SUBSCRIBED, Recipient
from include.segments.profiles.texts import (
    birth_date_of,
    consent_instant_of,
    on_one_line,
    one_line,
    street_of,
)

_FIELD_CHARACTERS = 20


def _data_field(name: str) -> str:
    return re.sub(r"[^A-Z0-9_]", "_", name.upper())[:_FIELD_CHARACTERS]


def _consent_text(recipient: Recipient) -> str:
    if recipient.consent_state != SUBSCRIBED:
        return ""
    shop = one_line(recipient.store_name) or recipient.consent_store_key or recipient.channel_code
    return f"Subscribed to the newsletter of {shop}"


def _consent_instant(recipient: Recipient) -> str:
    return consent_instant_of(recipient) if recipient.consent_state == SUBSCRIBED else ""


def _nothing(_: Recipient) -> str:
    return ""


def _columns(facts: SegmentFacts) -> Sequence[Column]:
    return [
        Column("Email", email_of, ("email",), "E-mail, lower case", is_identity=True),
        Column("FIRSTNAME", text_field("first_name"), ("first_name",), "First name"),
        Column("LASTNAME", text_field("last_name"), ("last_name",), "Last name"),
        Column("GENDER", text_field("gender"), ("gender",), "Gender as given"),
        Column("DOB", birth_date_of, ("birth_date",), "Date of birth, YYYY-MM-DD"),
        Column("WEBSITE_NAME", text_field("website_name"), ("website_name",), "Website"),
        Column("STORE_NAME", text_field("store_name"), ("store_name",), "Store view"),
        Column("BILLING_COMPANY", text_field("company"), ("company",), "Company"),
        Column("BILLING_ADDRESS_1", street_of, ("street",), "Street and number"),
        Column("BILLING_CITY", text_field("city"), ("city",), "City"),
        Column("BILLING_STATE", text_field("region"), ("region",), "State or region"),
        Column("BILLING_POSTCODE", text_field("postcode"), ("postcode",), "Postcode"),
        Column("BILLING_COUNTRY", country_of, ("country_code",), "Country, ISO 3166"),
        Column("BILLING_TELEPHONE", e164_of, ("phone",), "Telephone number, E.164"),
        *own_columns(facts, _data_field, on_one_line, takes_lists=False),
        Column("CONSENTTEXT", _consent_text, meaning="What the person agreed to"),
        Column("CONSENTURL", _nothing, meaning="Not known to a newsletter list"),
        Column("CONSENTDATETIME", _consent_instant, meaning="When (UTC)"),
        Column("CONSENTIP", _nothing, meaning="Not known to a newsletter list"),
        Column("CONSENTUSERAGENT", _nothing, meaning="Not known to a newsletter list"),
    ]


DOTDIGITAL = Profile(
    name="dotdigital",
    title="dotdigital",
    rules="2026-11",
    make_columns=_columns,
    same_person=email_of,
    companion=Companion(headers=("Email",), how="Upload under Suppressed contacts, File removal."),
)
