"""Meta Custom Audience: a CSV of hashed people for *Audiences, Customer list*, or for the API.

Everything is hashed, each value after its own cleaning. Names and towns keep their accents: Meta hashes `valéry`, while
its Python SDK strips all but a to z and finds nobody of that name. The date of birth stands in three columns, as the
API has it. An external id would hand Meta our keys in clear, so there is none. Lists of fewer than 100 people are of no
use there. No file of those who must not be written to, as for Google.

Sources: facebook.com/business/help/2082575038703844 (headers), developers.facebook.com/docs/marketing-api/audiences/
guides/custom-audiences (keys), developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/
customer-information-parameters (cleaning, with examples of hashes).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

from include.segments.profiles.addresses import email_of
from include.segments.profiles.countries import country_of
from include.segments.profiles.hashing import sha256
from include.segments.profiles.model import Cell, Column, Profile, SegmentFacts
from include.segments.profiles.phones import digits_of
from include.segments.profiles.recipient import Recipient
from include.segments.profiles.texts import one_line

_GENDERS = {"m": "m", "male": "m", "1": "m", "f": "f", "female": "f", "2": "f"}
_US_ZIP_DIGITS = 5


def without_punctuation(text: str | None) -> str:
    """Small letters, accents kept, no punctuation and symbols: what Meta compares of a name."""
    letters = (sign for sign in one_line(text).lower() if unicodedata.category(sign)[0] not in "PS")
    return " ".join("".join(letters).split())


def _without_blanks(text: str | None) -> str:
    return without_punctuation(text).replace(" ", "")


def _gender(recipient: Recipient) -> str:
    return _GENDERS.get((recipient.gender or "").strip().lower(), "")


def _postcode(recipient: Recipient) -> str:
    """Up to a dash, without blanks; of the United States five digits."""
    code = one_line(recipient.postcode).lower().replace(" ", "").partition("-")[0]
    return code[:_US_ZIP_DIGITS] if country_of(recipient) == "US" else code


def _born(format_: str) -> Callable[[Recipient], str]:
    return lambda recipient: f"{recipient.birth_date:{format_}}" if recipient.birth_date else ""


def _hashed(value: Callable[[Recipient], str]) -> Cell:
    return lambda recipient: sha256(value(recipient))


def _columns(_: SegmentFacts) -> Sequence[Column]:
    return [
        Column("email", _hashed(email_of), ("email",), "E-mail", is_identity=True),
        Column("phone", _hashed(digits_of), ("phone",), "Telephone number, digits with country code"),
        Column("fn", _hashed(lambda r: without_punctuation(r.first_name)), ("first_name",), "First name"),
        Column("ln", _hashed(lambda r: without_punctuation(r.last_name)), ("last_name",), "Last name"),
        Column("gen", _hashed(_gender), ("gender",), "Gender, m or f"),
        Column("doby", _hashed(_born("%Y")), ("birth_date",), "Year of birth"),
        Column("dobm", _hashed(_born("%m")), ("birth_date",), "Month of birth, two digits"),
        Column("dobd", _hashed(_born("%d")), ("birth_date",), "Day of birth, two digits"),
        Column("ct", _hashed(lambda r: _without_blanks(r.city)), ("city",), "City"),
        Column("st", _hashed(lambda r: _without_blanks(r.region)), ("region",), "State or region"),
        Column("zip", _hashed(_postcode), ("postcode",), "Postcode up to a dash"),
        Column("country", _hashed(lambda r: country_of(r).lower()), ("country_code",), "Country, ISO 3166"),
    ]


META_CUSTOM_AUDIENCE = Profile(
    name="meta_custom_audience",
    title="Meta Custom Audience",
    rules="2026-01",
    make_columns=_columns,
    same_person=email_of,
    least_rows=100,
)
