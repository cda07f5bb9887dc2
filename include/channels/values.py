"""The kinds of value a channel file may hold, each refused with the problem and the mend.

A refusal carries its mend in the error's context (`refuse`), where `problems.py` picks it up. A value is
never quoted in a message: people paste secrets and addresses into the wrong line.
"""

from __future__ import annotations

import re
import zoneinfo
from datetime import date, timedelta
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

REFUSED = "channel_setting"
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def refuse(problem: str, mend: str) -> PydanticCustomError:
    """The error a validator raises: "<field> <problem>; <mend>." reads as one sentence."""
    return PydanticCustomError(REFUSED, "{problem}", {"problem": problem, "mend": mend})


def nearest(word: object, known: list[str]) -> str | None:
    """The known word this one was probably meant to be, whatever its case."""
    by_lower = {name.lower(): name for name in known}
    found = get_close_matches(str(word).lower(), list(by_lower), n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def _to_text(value: str) -> str:
    if not value.strip():
        raise refuse("is empty", "write a few words, or take the line out if it is optional")
    return value.strip()


def _to_interval(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, str) and (match := re.fullmatch(r"([1-9]\d{0,3})([mhd])", value.strip())):
        return timedelta(**{_UNITS[match[2]]: int(match[1])})
    raise refuse("is not an interval", "write a number with m, h or d, such as 15m, 1h or 1d")


def _to_date(value: object) -> date | None:
    if value is None or type(value) is date:
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise refuse("is not a date of the calendar", "write year-month-day, such as 2020-01-31")


def _to_timezone(value: object) -> str:
    if isinstance(value, str) and value in _timezones():
        return value
    meant = nearest(value, sorted(_timezones())) if isinstance(value, str) else None
    raise refuse("is not an IANA time zone", f"write {meant or 'a name such as Europe/Berlin or UTC'}")


@cache
def _timezones() -> frozenset[str]:
    # Asked as a list: ZoneInfo() ignores case where the file system does, and raises four kinds of error.
    return frozenset(zoneinfo.available_timezones())


def _to_currency(value: object) -> str:
    # The shape only: old shops run on codes that ISO 4217 has since withdrawn, and the sync compares it
    # with the store's global currency anyway.
    if isinstance(value, str) and re.fullmatch("[A-Z]{3}", value):
        return value
    raise refuse("is not an ISO 4217 currency code", "write its three capital letters, such as EUR")


def _to_email(value: object) -> str:
    if isinstance(value, str) and _EMAIL.fullmatch(value.strip()):
        return value.strip().lower()
    raise refuse("is not an e-mail address", "write one address per entry, such as shop@example.com")


def _to_websites(value: object) -> object:
    if value == "all":
        return value
    if not isinstance(value, list | tuple) or not value:
        raise refuse("is neither `all` nor a list of website ids", "write all, or ids such as [1, 2]")
    if not all(type(item) is int and item >= 1 for item in value):
        raise refuse(
            "holds something that is not the id of a website",
            "write whole numbers from 1 on; 0 is Magento's admin and sells nothing",
        )
    return tuple(sorted(set(value)))


Interval = Annotated[timedelta, BeforeValidator(_to_interval)]
CalendarDay = Annotated[date | None, BeforeValidator(_to_date)]
Timezone = Annotated[str, BeforeValidator(_to_timezone)]
CurrencyCode = Annotated[str, BeforeValidator(_to_currency)]
Email = Annotated[str, BeforeValidator(_to_email)]
Websites = Annotated[Literal["all"] | tuple[int, ...], BeforeValidator(_to_websites)]
Text = Annotated[str, AfterValidator(_to_text)]
