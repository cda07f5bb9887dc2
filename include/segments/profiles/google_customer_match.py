"""Google Ads Customer Match: a CSV of hashed people for *Audience manager, Customer list*.

Headers are English and exact. E-mail, telephone number and names are hashed, country and postcode never. A postal match
needs first name, last name, country and postcode together, so a row has all four or none. What is hashed has changed:
Google now takes dots and `+suffix` out of its own mailboxes (rules 2026), earlier it did not (rules 2023): a list made
by other rules matches nobody in it, so the rules' version is part of the manifest. No file of those who must not be
written to: telling an advertising platform who opted out would be a use they never agreed to.

Sources: support.google.com/google-ads/answer/7659867 and /7475964 (file and headers), g.co/wudy8r (template),
developers.google.com/data-manager/api/devguides/concepts/formatting (cleaning of values).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from include.segments.profiles.addresses import as_google_mailbox, email_of, without_blanks
from include.segments.profiles.countries import country_of
from include.segments.profiles.hashing import sha256
from include.segments.profiles.model import Cell, Column, Profile, SegmentFacts
from include.segments.profiles.phones import e164_of
from include.segments.profiles.recipient import Recipient
from include.segments.profiles.texts import one_line

Clean = Callable[[str], str]
EMAIL_RULES: dict[str, Clean] = {"2023": without_blanks, "2026": as_google_mailbox}
CURRENT = "2026"
# Google asks for names without them; a shop's form often has them in the first name.
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof", "herr", "frau"})
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii"})


def _email(clean: Clean, recipient: Recipient) -> str:
    email = email_of(recipient)
    return sha256(clean(email)) if email else ""


def _phone(recipient: Recipient) -> str:
    return sha256(e164_of(recipient))


def first_name_of(recipient: Recipient) -> str:
    """The first name as Google compares it: small letters, no title before it."""
    words = one_line(recipient.first_name).lower().split(" ")
    return " ".join(words[1:] if len(words) > 1 and words[0].rstrip(".") in _TITLES else words)


def last_name_of(recipient: Recipient) -> str:
    """The last name likewise, no Jr. after it."""
    words = one_line(recipient.last_name).lower().split(" ")
    return " ".join(words[:-1] if len(words) > 1 and words[-1].rstrip(".") in _SUFFIXES else words)


def _of_postal_match(value: Callable[[Recipient], str]) -> Cell:
    def cell(recipient: Recipient) -> str:
        whole = (
            first_name_of(recipient)
            and last_name_of(recipient)
            and country_of(recipient)
            and one_line(recipient.postcode)
        )
        return value(recipient) if whole else ""

    return cell


_POSTAL = ("first_name", "last_name", "country_code", "postcode")


def _columns(clean: Clean, _: SegmentFacts) -> Sequence[Column]:
    return [
        Column("Email", partial(_email, clean), ("email",), "E-mail, hashed", is_identity=True),
        Column("Phone", _phone, ("phone",), "Telephone number, E.164, hashed"),
        Column(
            "First Name", _of_postal_match(lambda r: sha256(first_name_of(r))), _POSTAL, "First name, hashed"
        ),
        Column(
            "Last Name", _of_postal_match(lambda r: sha256(last_name_of(r))), _POSTAL, "Last name, hashed"
        ),
        Column("Country", _of_postal_match(country_of), _POSTAL, "Country, ISO 3166, not hashed"),
        Column("Zip", _of_postal_match(lambda r: one_line(r.postcode)), _POSTAL, "Postcode, not hashed"),
    ]


def by_rules(version: str) -> Profile:
    """The profile by a version of Google's rules, one of `EMAIL_RULES`."""
    clean = EMAIL_RULES[version]
    return Profile(
        name="google_customer_match",
        title="Google Ads Customer Match",
        rules=version,
        make_columns=partial(_columns, clean),
        same_person=partial(_email, clean),
        is_by_mailbox=clean is as_google_mailbox,
    )


GOOGLE_CUSTOMER_MATCH = by_rules(CURRENT)
