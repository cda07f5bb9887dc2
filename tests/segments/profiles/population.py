"""A few people who hold every trap of an export; their files are `tests/segments/golden/<profile>.csv`."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from include.segments.profiles.model import Layout, SegmentFacts, lay_out
from include.segments.profiles.recipient import RECIPIENT_COLUMNS, Recipient
from include.segments.profiles.registry import get_profile

GOLDEN = Path(__file__).parents[1] / "golden"
CONSENT_AT = datetime(2026, 5, 1, 10, 30, tzinfo=UTC)
FACTS = SegmentFacts(
    name="champions",
    member_key="account_key",
    campaign_code="spring",
    personal_columns=tuple(
        name for name in RECIPIENT_COLUMNS[4:20] if name not in ("email_normalised", "store_key")
    ),
    own_columns=("order_count", "revenue_amount", "last_order_date", "favourite_product_name"),
)


def person(key: int, email: str | None, **known: Any) -> Recipient:
    given: dict[str, Any] = {
        "channel_code": "main",
        "member_key": f"main:{key}",
        "email": email,
        "email_normalised": email.strip().lower() if email else None,
        "consent_state": "subscribed",
        "consent_source": "newsletter",
        "consent_store_key": "main:1",
        "consent_at": CONSENT_AT,
        "own": (3, Decimal("129.9000"), date(2026, 10, 31), "Mug"),
    }
    return Recipient(**{**given, **known})


def uk_address(**known: Any) -> dict[str, Any]:
    street = "1 High St\nFlat 2"
    return {
        "street": street,
        "city": "Newcastle upon Tyne",
        "postcode": "NE1 1AD",
        "country_code": "UK",
        **known,
    }


PEOPLE = (
    person(1, "Zoë.Łódź@exämple.de", first_name="Zoë", last_name="Łódź", gender="Female", country_code="DE"),
    person(2, "anna.b+shop@Example.com ", first_name="Anna", last_name="O'Brien", phone="030 123456"),
    person(
        3,
        "Jane.Doe+News@gmail.com",
        first_name="Dr. Jane",
        last_name="Doe Jr.",
        phone="020 7183 8750",
        gender="2",
        **uk_address(),
    ),
    person(4, "janedoe@gmail.com", first_name="Jane"),
    person(5, "JANE.DOE+NEWS@gmail.com", first_name="Janet", last_name="Doe"),
    person(6, "nameless@example.com", store_name="Shop\tone", website_name="Web"),
    person(
        7,
        "leap@example.com",
        first_name="N" * 300,
        last_name="é" * 200,
        birth_date=date(2000, 2, 29),
        phone="+49 (0)30 123456",
        company='Müller, "Söhne" & Co',
        street="Hauptstraße 5",
        city="Köln",
        region="Nordrhein-Westfalen",
        postcode="50667",
        country_code="de",
    ),
    person(
        8,
        "formula@example.com",
        first_name="=cmd|' /C calc'!A0",
        last_name="@SUM(1)",
        company="+1+cmd",
        city="-2-x",
        street="\t=1\nnext",
        postcode="=1",
        country_code="US",
        own=(1, Decimal("-0.5000"), None, '=HYPERLINK("http://x")'),
    ),
    person(9, "=1+1@example.com", first_name="Runs"),
    person(10, "no address", first_name="Nobody"),
    person(11, None, first_name="Without"),
    person(
        12,
        "texan@example.com",
        first_name="Mary-Ann",
        last_name="St. John",
        phone="(512) 555-0142",
        city="New York",
        region="NY",
        postcode="94035-1234",
        country_code="US",
        birth_date=date(1997, 2, 16),
        gender="m",
    ),
    person(
        13, "quoted@example.com", first_name='Comma, Quote "Q"\nLine', last_name="", own=(0, None, None, None)
    ),
    person(
        15,
        "hidden@example.com",
        first_name="\u200b=1+1",
        last_name="\uff1d" + "x" * 252,
        company="\uff0b49 30",
    ),
    person(14, "was.not.asked@example.com", consent_state=None, consent_source=None, consent_at=None),
)


def laid_out(name: str) -> Layout:
    return lay_out(get_profile(name), FACTS)


def rows_of(layout: Layout, people: tuple[Recipient, ...] = PEOPLE) -> dict[str, dict[str, str]]:
    """The rows by member, as the export would keep them: valid, one per person."""
    kept: dict[str, dict[str, str]] = {}
    seen: set[str] = set()
    for recipient in people:
        who = layout.profile.same_person(recipient)
        if who and who not in seen:
            seen.add(who)
            kept[recipient.member_key] = dict(zip(layout.headers, layout.render(recipient)[0], strict=True))
    return kept


def file_of(layout: Layout) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, layout.headers, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows_of(layout).values())
    return text.getvalue().encode()
