"""Questions to one store: retries and errors, so that the readers above see answers or our own errors.

A request is written anew for every try, since its signature is good for one. Retried are only what another try may
mend: time limits, broken connections, 5xx, web pages and cut-off answers; all of these are questions, which may be
asked twice.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx

from include.errors import ConfigError, TransientError
from include.magento.faults import CallFailed
from include.magento.passing import Passing, origin
from include.magento.rest.address import BearerToken, RestAddress
from include.magento.rest.faults import Refusal, error_for, message_of
from include.magento.rest.http import Http, Reply
from include.magento.rest.records import parsed
from include.magento.retrying import retrying
from include.magento.tally import Tally
from include.magento.throttle import Throttle, unlimited

ATTEMPTS = 5
FEW_ATTEMPTS = 2
_DEFAULT = "default"
_VERSION = re.compile(r"Magento/([\d.]+(?: \(\w+\))?)")


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
        self.address = address
        self._throttle = throttle
        self._clock = clock
        self._sleep = sleep
        self._http = Http(address, clock=clock, transport=transport)
        self._dated: tuple[datetime, float] | None = None
        self._has_answered = False

    def ask(self, path: str, query: str = "", *, store: str = _DEFAULT, attempts: int = ATTEMPTS) -> Any:
        """The answer to one question, numbers as text.

        Args:
            path: behind `V1/`.
            query: behind the question mark, encoded.
            store: code of the store view it is asked through.
            attempts: tries in all.

        Raises:
            CallFailed: it failed in every attempt though the store is there.
            CallRefused: the token may not ask this, or the store has no such thing.
            RecordGone: what is asked about is not in the store.
            TransientError: the store is out of reach.
            ConfigError: a person must act.
        """
        failure: Passing | None = None
        try:
            for attempt in retrying(attempts, self.tally, self._sleep):
                with attempt:
                    return self._once(path, query, store)
        except Passing as last:
            failure = last
        raise self._gave_up(path, failure)

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
        """Main release and edition as the shop tells everybody, e.g. 2.4 (Community); None where it does not."""
        if self.address.is_cloud_service:
            return None
        with self._throttle():
            page = self._http.page(f"{self.address.shop}/magento_version")
        found = _VERSION.match(page or "")
        return found[1].strip() if found else None

    def close(self) -> None:
        """Give the connections back; the store keeps nothing open."""
        self._http.close()

    def _once(self, path: str, query: str, store: str) -> Any:
        reply = self._exchange(path, query, store)
        if reply.status < 300:
            answer = parsed(reply.body)
            self._has_answered = True
            if reply.date is not None:
                self._dated = (reply.date, self._clock())
            return answer
        refusal = Refusal(reply.status, message_of(reply.body) or "")
        error = error_for(path, refusal, is_bearer=isinstance(self.address.credentials, BearerToken))
        if isinstance(error, CallFailed):
            raise Passing(f"answered HTTP {reply.status} to {path}")
        raise error

    def _exchange(self, path: str, query: str, store: str) -> Reply:
        self.tally.calls += 1
        url = self._url(path, store) + (f"?{query}" if query else "")
        is_in_header = self.address.is_cloud_service and store != _DEFAULT
        headers = {"Store": store} if is_in_header else None
        with self._throttle():
            reply = self._http.get(url, headers=headers)
        self.tally.bytes_received += len(reply.body)
        return reply

    def _url(self, path: str, store: str) -> str:
        """The default view needs no code, and some shops have renamed it."""
        view = "" if self.address.is_cloud_service or store == _DEFAULT else f"/{store}"
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
