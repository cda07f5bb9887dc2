from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from include.segments import member_stream
from include.segments.loading import get_segment
from include.segments.profiles.recipient import Recipient
from include.segments.refresh import refresh_segment
from tests.reports.in_order import refresh_in_order
from tests.sql.sample_warehouse import add_rows

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def person(number: int, email: str | None) -> dict[str, Any]:
    return {
        "customer_key": f"main:{number}",
        "birth_date": date(1980, 11, number),
        "email_normalised": email,
    }


def test_few_members_come_as_they_would_among_many(
    warehouse: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = get_segment("birthday_this_month")
    entry = {"newsletter_subscriber_key": "main:3", "email_normalised": "c@example.com"}
    given = {
        "ops.channels": [{"channel_code": "main"}],
        "crm.customers": [person(1, "a@example.com"), person(2, None), person(3, "c@example.com")],
        "crm.newsletter_subscribers": [{**entry, "status": "subscribed"}],
    }
    add_rows(warehouse, given)
    refresh_in_order(warehouse, segment.contract.report_inputs, now=NOW)
    refresh_segment(warehouse, segment, now=NOW)

    def streamed(times: int = 1) -> list[Recipient]:
        with (
            warehouse.begin() as connection,
            member_stream.members_of(connection, segment, "main", times=times) as read,
        ):
            for _ in range(times):
                found = [one for batch in read() for one in batch]
            return found

    few = streamed()
    # Kept for several profiles they are the same.
    assert few == streamed(times=2)
    monkeypatch.setattr(member_stream, "FEW", 0)

    assert few == streamed()
    assert [(one.email_normalised, one.consent_state) for one in few] == [
        ("a@example.com", None),
        (None, None),
        ("c@example.com", "subscribed"),
    ]
