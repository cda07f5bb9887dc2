"""Requests to one store: retries and errors, so that those above see answers or our own errors.

A request is written anew for every try, since its signature is good for one. Questions are asked again where another
try may mend it: time limits, broken connections, 5xx, web pages and cut-off answers. What a newcomer would get wrong:
none of that holds for a change, which is sent once, and may have happened whatever became of its answer.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from include.errors import ConfigError, TransientError
from include.magento.faults import CallFailed, UnknownFault
from include.magento.passing import Passing, origin
from include.magento.rest.address import BearerToken, RestAddress
from include.magento.rest.faults import Refusal, Unaccepted, error_for, message_of
from include.magento.rest.http import Http, Reply
from include.magento.rest.records import as_written, parsed
from include.magento.retrying import retrying
from include.magento.sent_once import sent_once
from include.magento.tally import Tally
from include.magento.throttle import Throttle, unlimited
from include.magento.writing import Leaving, at_once

ATTEMPTS = 5
FEW_ATTEMPTS = 2
DEFAULT_VIEW = ""
"""No code in the address: the default store view, whatever it is called."""
_VERSION = re.compile(r"(Magento|Mage-OS)/([\d.]+(?: \(\w+\))?)")
_COUPON = re.compile("/coupons/.+")
# They would log each address with its query: e-mails that are looked for, and the keys where these go in it.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class _Request:
    """One exchange: path behind `V1/`, encoded query, code of the store view, and the body as JSON."""

    path: str
    store: str
    query: str = ""
    verb: str = "GET"
    body: bytes | None = None


class Session:
    """Asks one store; not to be shared between threads.

    Args:
        address: where the store is and who we are.
        throttle: gives the slot that each exchange is held in.
        clock: seconds, for ages and time limits.
        sleep: waits between tries.
        transport: carries the requests; the network unless given.
    """

    def __init__(
        self,
        address: RestAddress,
        *,
        throttle: Throttle = unlimited,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.tally = Tally()
        self.changes = 0  # that the store has said yes to
        self._leaving: Leaving = at_once
        self.address = address
        self._throttle = throttle
        self._clock = clock
        self._sleep = sleep
        self._http = Http(address, clock=clock, transport=transport)
        self._dated: tuple[datetime, float] | None = None
        self._has_answered = False

    def ask(
        self,
        path: str,
        query: str = "",
        *,
        store: str = DEFAULT_VIEW,
        attempts: int = ATTEMPTS,
        read: Callable[[bytes], Any] = parsed,
    ) -> Any:
        """The answer to one question, numbers as text.

        Args:
            path: behind `V1/`.
            query: behind the question mark, encoded.
            store: code of the store view it is asked through; none: the default view.
            attempts: tries in all.
            read: makes the answer of its bytes.

        Raises:
            CallFailed: it failed in every attempt though the store is there.
            CallRefused: the token may not ask this, or the store has no such thing.
            RecordGone: what is asked about is not in the store.
            TransientError: the store is out of reach.
            ConfigError: a person must act.
        """
        return self._persistently(_Request(path, store, query), read, attempts)

    def original(self, path: str, *, store: str = DEFAULT_VIEW) -> Any:
        """One object as the store keeps it, to be sent back changed: secrets are in it, so it is never kept.

        Raises:
            as `ask`.
        """
        return self._persistently(_Request(path, store), as_written, ATTEMPTS)

    @contextmanager
    def before_each_change(self, leaving: Leaving) -> Iterator[None]:
        """Within, this is called in the slot right before a change is sent; what it raises keeps it back."""
        self._leaving = leaving
        try:
            yield
        finally:
            self._leaving = at_once

    def write(self, verb: str, path: str, body: object = None, *, store: str = DEFAULT_VIEW) -> Any:
        """The answer to a request that changes the store, numbers as text: sent once.

        Args:
            verb: POST, PUT or DELETE.
            path: behind `V1/`.
            body: as JSON; None: none.
            store: code of the store view it is booked to.

        Raises:
            whatever `before_each_change` raises: nothing was sent.
            OutcomeUnknown: it was sent, and nobody knows whether the store did it.
            TransientError: the store surely did not do it.
            Unaccepted: the store does not accept it.
            WriteRefused: what is in front of the store does not let it through.
            RecordGone: what it is about is not in the store.
            CallRefused: the token may not change this.
        """
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        what = f"{verb} {_told(path)}"
        with sent_once(what, origin(self.address.url), broken="its answer cannot be read"):
            try:
                answer = self._once(_Request(path, store, verb=verb, body=content), parsed)
            except UnknownFault as refusal:
                raise Unaccepted(
                    f"The store does not accept the change ({what}).", details=refusal.details
                ) from None
        self.changes += 1
        return answer

    def store_clock(self, *, not_older_than: float) -> datetime:
        """The Date of the newest answer, of a fresh one when that is older than so many seconds."""
        if self._dated is None or self._clock() - self._dated[1] > not_older_than:
            self._dated = None
            self.ask("store/storeViews")
        if self._dated is None:
            raise ConfigError(
                "The store's answers carry no Date header: let its web server or the proxy in front of it send one."
            )
        return self._dated[0]

    def version(self) -> str | None:
        """Main release and edition as the shop tells everybody, e.g. 2.4 (Community) or Mage-OS 1.0 (Community).

        None where it does not.
        """
        if self.address.is_cloud_service:
            return None
        with self._throttle():
            page = self._http.page(f"{self.address.shop}/magento_version")
        found = _VERSION.match(page or "")
        if found is None:
            return None
        name, release = found.groups()
        return release if name == "Magento" else f"{name} {release}"

    def close(self) -> None:
        """Give the connections back; the store keeps nothing open."""
        self._http.close()

    def _persistently(self, request: _Request, read: Callable[[bytes], Any], attempts: int) -> Any:
        failure: Passing | None = None
        try:
            for attempt in retrying(attempts, self.tally, self._sleep):
                with attempt:
                    return self._once(request, read)
        except Passing as last:
            failure = last
        raise self._gave_up(request.path, failure)

    def _once(self, request: _Request, read: Callable[[bytes], Any]) -> Any:
        reply = self._exchange(request)
        if reply.status < 300:
            answer = read(reply.body)
            self._has_answered = True
            if reply.date is not None:
                self._dated = (reply.date, self._clock())
            return answer
        refusal = Refusal(reply.status, message_of(reply.body) or "")
        error = error_for(
            _told(request.path), refusal, is_bearer=isinstance(self.address.credentials, BearerToken)
        )
        if isinstance(error, CallFailed):
            raise Passing(f"answered HTTP {reply.status} to {_told(request.path)}")
        raise error

    def _exchange(self, request: _Request) -> Reply:
        self.tally.calls += 1
        url = self._url(request.path, request.store) + (f"?{request.query}" if request.query else "")
        is_in_header = self.address.is_cloud_service and request.store != DEFAULT_VIEW
        headers = {"Store": request.store} if is_in_header else None
        with self._throttle():
            if request.verb != "GET":
                self._leaving()
            reply = self._http.send(request.verb, url, body=request.body, headers=headers)
        self.tally.bytes_received += len(reply.body)
        return reply

    def _url(self, path: str, store: str) -> str:
        """The default view needs no code, and some shops have renamed it."""
        view = "" if self.address.is_cloud_service or store == DEFAULT_VIEW else f"/{store}"
        return f"{self.address.url}{view}/V1/{path}"

    def _gave_up(self, path: str, last: Passing | None) -> Exception:
        if last is None:
            return AssertionError("tenacity either returns or raises")
        if last.unreachable and not self._has_answered:
            return ConfigError(
                f"The store {last.what}: check host and port of the connection, and that this machine may reach it."
            )
        if last.unreachable:
            return TransientError(f"The store {last.what}: it answered before, so run again when it is back.")
        return CallFailed(
            f"The store at {origin(self.address.url)} {last.what}, also after several tries: look at its load and its "
            "error log, then run again.",
            details=path,
        )


def _told(path: str) -> str:
    """The path as it may be printed: a coupon may be one person's."""
    return _COUPON.sub("/coupons/...", path)
