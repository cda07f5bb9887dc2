"""Telephone numbers as platforms take them: international, by the country of the person's address.

A number without a country code means nothing outside its country, so without one and without a country it is left out
rather than guessed.
"""

from __future__ import annotations

import phonenumbers

from include.segments.profiles.countries import country_of
from include.segments.profiles.recipient import Recipient


def e164_of(recipient: Recipient) -> str:
    """`+` country code and number, digits only; empty where it is no number that can exist."""
    if not recipient.phone:
        return ""
    try:
        number = phonenumbers.parse(recipient.phone, country_of(recipient) or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def digits_of(recipient: Recipient) -> str:
    """The same without the plus, as Meta takes it."""
    return e164_of(recipient).removeprefix("+")
