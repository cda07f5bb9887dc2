"""What the headers of a store's reply say, whatever protocol its body speaks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds the store asks us to wait; None when it does not say, or names a date."""
    value = headers.get("Retry-After", "")
    return float(value) if value.isdigit() else None


def date(headers: Mapping[str, str]) -> datetime | None:
    """The store's clock (UTC); None where it is missing or unreadable."""
    try:
        return parsedate_to_datetime(headers.get("Date", "")).astimezone(UTC)
    except ValueError:
        return None
