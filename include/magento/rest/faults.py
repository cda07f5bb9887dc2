"""What a Magento 2 store's refusals mean to us: from status and `{message, parameters}` to an error and its sentence.

What a newcomer would get wrong: one status says many things. 401 is a missing right, a wrong token and a token as
bearer where that is switched off; 500 is a broken record, an unknown field and a server out of memory. Sentences hold
the store's own words only where these name rights, limits or routes: others may quote data.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from include.errors import ConfigError, SyncError
from include.magento.faults import CallFailed, CallRefused, RecordGone, UnknownFault, WriteRefused

_PLACEHOLDER = re.compile(r"%(\w+)")
_PAGE_LIMIT = re.compile(r"Maximum SearchCriteria pageSize is (\d+)")
_RESOURCE = re.compile(r"\b[A-Z]\w+_\w+::\w+")
_SIGNATURE = "signature is invalid"
_CLOCK = "oauth_timestamp"
_SEEN = "nonce is already"
_NO_ROUTE = "Request does not match any route"
NO_ROUTE, NOT_FOUND = "no route", "not found"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is none: its status, and what it says, filled in."""

    status: int
    message: str

    @property
    def page_limit(self) -> int | None:
        """The largest page the store allows, where this is what it complains about."""
        found = _PAGE_LIMIT.search(self.message)
        return int(found[1]) if found and int(found[1]) > 0 else None

    @property
    def resource(self) -> str | None:
        """The right that is missing, as Magento calls it."""
        found = _RESOURCE.search(self.message)
        return found[0] if found else None


class Unaccepted(WriteRefused):
    """A change that the store answers with an error of its own, which only its kind gives a sentence to."""


def has_no_route(refusal: CallRefused) -> bool:
    """Whether the store has no such call, as opposed to not letting us use it."""
    return (refusal.details or "").startswith(NO_ROUTE)


class PageTooLarge(CallRefused):
    """The store allows smaller pages only.

    Attributes:
        most: records in the largest page it allows.
    """

    def __init__(self, summary: str, most: int) -> None:
        super().__init__(summary)
        self.most = most


def message_of(body: bytes) -> str | None:
    """What an error's body says, its placeholders filled in; None where it is no error of Magento."""
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    message = answer.get("message") if isinstance(answer, dict) else None
    return filled(message, answer.get("parameters")) if isinstance(message, str) else None


def filled(message: str, parameters: object) -> str:
    """The message with its `%name` and `%1`; parameters come as an object or as a list."""
    if isinstance(parameters, list):
        named = {str(place): value for place, value in enumerate(parameters, start=1)}
    else:
        named = dict(parameters) if isinstance(parameters, dict) else {}
    return _PLACEHOLDER.sub(lambda found: str(named.get(found[1], found[0])), message)


def error_for(path: str, refusal: Refusal, *, is_bearer: bool) -> SyncError:
    """The error to raise for this answer to a request for `path`."""
    details = f"HTTP {refusal.status} of {path}"
    if refusal.page_limit is not None:
        return PageTooLarge(
            f"The store allows pages of {refusal.page_limit} records at most: set that as page_size in the channel's "
            "file.",
            refusal.page_limit,
        )
    if refusal.status == 401 and (complaint := _of_signature(path, refusal.message.lower(), details)):
        return complaint
    match refusal.status:
        case 401 | 403:
            return CallRefused(_not_allowed(path, refusal, is_bearer=is_bearer), details=details)
        case 404 if _NO_ROUTE in refusal.message:
            return CallRefused(
                f"The store has no {path} in its REST API: its version is too old, or the module is switched off.",
                details=f"{NO_ROUTE}: {details}",
            )
        case 404:
            return RecordGone(f"What {path} was asked for is no longer in the store.", details=details)
        case 414:
            return UnknownFault(
                f"The address of a request for {path} is too long for the store's web server.",
                details=details,
            )
        case status if status >= 500:
            return CallFailed(
                f"The store failed inside {path} (HTTP {status}): its exception log (var/log) says why; trying again "
                "may help.",
                details=details,
            )
    return UnknownFault(
        f"The store does not take the request for {path} (HTTP {refusal.status}): compare its version with the "
        "supported ones.",
        details=details,
    )


def _of_signature(path: str, message: str, details: str) -> SyncError | None:
    """What is wrong with a signature; None where the store does not complain of it."""
    if _SIGNATURE in message:
        return ConfigError(
            "The store finds the signature of the requests wrong: check consumer secret and token secret of the "
            "connection, and that its URL has the scheme, host and port that the store itself sees.",
            details=details,
        )
    if _CLOCK in message:
        return ConfigError(
            "The store finds the requests dated ahead of its clock by more than ten minutes: set the clock of this "
            "machine, or the store's.",
            details=details,
        )
    if _SEEN in message:  # what is in front of the store has sent a request twice
        return CallFailed(
            f"The store has had the request for {path} before: a proxy in front of it repeats requests; trying again "
            "may help.",
            details=details,
        )
    return None


def _not_allowed(path: str, refusal: Refusal, *, is_bearer: bool) -> str:
    right = f"the resource {refusal.resource}" if refusal.resource else "the resource it needs"
    mend = f"give the integration {right} in the store's admin (System > Integrations), or correct the token"
    if is_bearer:
        mend += (
            "; since Magento 2.4.4 a token alone is refused by default: then add consumer_key, consumer_secret and "
            "token_secret to the connection"
        )
    return f"The store does not let the token of the connection use {path}: {mend}."
