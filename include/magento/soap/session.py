"""Calls to one store: login, renewal, retries and errors, so that the readers above see answers or our own errors.

A call is written anew for every try, because a renewed session changes it. Retried are only what another try may
mend: time limits, broken connections, 5xx, web pages and cut-off answers, and a store that cannot load its own WSDL.
Faults are answers; they are never retried, except one renewal when the session is over.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from include.errors import ConfigError, SyncError, TransientError
from include.magento.address import StoreAddress
from include.magento.door import Record
from include.magento.faults import (
    CallFailed,
    SessionExpired,
    StoreConfused,
    error_for,
    fault_code,
)
from include.magento.passing import Passing, origin
from include.magento.retrying import retrying
from include.magento.sent_once import sent_once
from include.magento.soap.contract import Contract, NotWsdl
from include.magento.soap.envelope import Answer, NotSoap, SoapFault, read_answer
from include.magento.soap.http import Http, Reply
from include.magento.tally import Tally
from include.magento.throttle import Throttle, unlimited

ATTEMPTS = 5
FEW_ATTEMPTS = 2
_OPENING_ATTEMPTS = 3


class Session:
    """One API session with one store; not to be shared between threads.

    Args:
        address: where the store is and who we are.
        throttle: gives the slot that each exchange is held in.
        clock: seconds, for ages and time limits.
        sleep: waits between tries.
    """

    def __init__(
        self,
        address: StoreAddress,
        *,
        throttle: Throttle = unlimited,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.tally = Tally()
        self._address = address
        self._throttle = throttle
        self._clock = clock
        self._sleep = sleep
        self._http = Http(address, clock=clock)
        self._session_id: str | None = None
        self._dated: tuple[datetime, float] | None = None
        try:
            self.contract = self._fetch_contract()
        except BaseException:
            self._http.close()
            raise

    def call(
        self, method: str, arguments: Mapping[str, object] | None = None, *, attempts: int = ATTEMPTS
    ) -> Answer:
        """The answer of one call, logged in before and renewed once if need be.

        Raises:
            CallFailed: it failed in every attempt though the store is there.
            RecordGone: it is about a record that is not in the store.
            TransientError: the store is out of reach.
            ConfigError: a person must act.
        """
        return self._renewed_once(lambda: self._persistently(method, arguments or {}, attempts))

    def rows(
        self, method: str, arguments: Mapping[str, object] | None = None, *, attempts: int = ATTEMPTS
    ) -> list[Record]:
        """The rows of a list call; an answer that is no list is a broken one, not an empty list.

        Raises:
            as `call`.
        """
        return self._renewed_once(
            lambda: self._persistently(method, arguments or {}, attempts, wants_list=True)
        ).rows

    def write(
        self, method: str, arguments: Mapping[str, object], *, leaving: Callable[[], None] = lambda: None
    ) -> Answer:
        """The answer of a call that changes the store: sent once, but for a session that turns out expired.

        That the store finds out before it does anything. `leaving` is called in the slot, right before it is sent.

        Raises:
            whatever `leaving` does: nothing was sent.
            OutcomeUnknown: it was sent, and nobody knows whether the store did it.
            TransientError: the store surely did not do it.
            DataError: as the store's fault means for this call, or as its web server refuses this request.
            CallRefused: this call cannot be made; others may work.
            ConfigError: a person must act, whatever is called.
        """
        return self._renewed_once(lambda: self._once(method, arguments, leaving))

    def store_clock(self, *, not_older_than: float) -> datetime:
        """The Date of the newest answer, of a fresh one when that is older than so many seconds."""
        if self._dated is None or self._clock() - self._dated[1] > not_older_than:
            self._dated = None
            self.call("magentoInfo" if "magentoInfo" in self.contract.methods else "storeList")
        if self._dated is None:
            raise ConfigError(
                "The store's answers carry no Date header: let its web server or the proxy in front of it send one."
            )
        return self._dated[0]

    def close(self) -> None:
        """End the session in the store, once and without a fuss."""
        if self._session_id is not None:
            with contextlib.suppress(Exception):  # the store forgets the session by itself, an hour later
                self._ask("endSession", {"sessionId": self._session_id})
        self._session_id = None
        self._http.close()

    def _renewed_once(self, ask: Callable[[], Answer]) -> Answer:
        try:
            return ask()
        except SessionExpired:
            self._session_id = None
            return ask()

    def _persistently(
        self, method: str, arguments: Mapping[str, object], attempts: int, *, wants_list: bool = False
    ) -> Answer:
        try:
            for attempt in retrying(attempts, self.tally, self._sleep):
                with attempt:
                    answer = self._ask(method, {"sessionId": self._logged_in(), **arguments})
                    return self._list(answer) if wants_list else answer
        except Passing as last:
            raise self._gave_up(method, last) from None
        raise AssertionError("tenacity either returns or raises")

    def _once(self, method: str, arguments: Mapping[str, object], leaving: Callable[[], None]) -> Answer:
        self._logged_in_persistently()
        # PHP may break after it has saved, while it writes the answer.
        broken = "the store broke while it worked on it"
        with sent_once(method, origin(self._address.wsdl_url), broken=broken):
            return self._ask(method, {"sessionId": self._logged_in(), **arguments}, leaving)

    def _logged_in_persistently(self) -> None:
        try:
            for attempt in retrying(ATTEMPTS, self.tally, self._sleep):
                with attempt:
                    self._logged_in()
        except Passing as last:
            raise self._gave_up("login", last) from None

    def _list(self, answer: Answer) -> Answer:
        if not answer.is_list(wsi=self.contract.is_wsi):
            raise Passing("answered with something else than a list")
        return answer

    def _logged_in(self) -> str:
        if self._session_id is None:
            answer = self._ask("login", {"username": self._address.user, "apiKey": self._address.api_key})
            if answer.text is None:
                raise Passing("answered the login without a session")
            self.tally.logins += 1
            self._session_id = answer.text
        return self._session_id

    def _ask(
        self, method: str, arguments: dict[str, object], leaving: Callable[[], None] = lambda: None
    ) -> Answer:
        """One exchange, without a second try."""
        body, headers = self.contract.request(method, arguments)

        def send() -> Reply:
            leaving()
            return self._http.post(self.contract.url, body, headers)

        reply = self._exchange(send)
        try:
            answer = read_answer(reply.body)
        except NotSoap as odd:
            page = f"HTTP {reply.status}" if reply.status != 200 else odd.looks_like
            raise Passing(f"answered with {page}") from None
        except SoapFault as fault:
            raise self._error(method, fault) from None
        if reply.date is not None:
            self._dated = (reply.date, self._clock())
        return answer

    def _error(self, method: str, fault: SoapFault) -> SyncError | Passing:
        error = error_for(method, fault_code(fault.code, fault.text), user=self._address.user)
        if isinstance(error, StoreConfused):
            return Passing("cannot load its own WSDL", may_have_acted=False)
        return error

    def _exchange(self, send: Callable[[], Reply]) -> Reply:
        self.tally.calls += 1
        with self._throttle():
            reply = send()
        self.tally.bytes_received += len(reply.body)
        return reply

    def _gave_up(self, method: str, last: Passing) -> TransientError:
        where = origin(self._address.wsdl_url)
        if last.unreachable:
            return TransientError(f"The store {last.what}: it answered before, so run again when it is back.")
        return CallFailed(
            f"The store at {where} {last.what}, also after several tries ({method}): look at its load and its error "
            "log, then run again.",
            details=method,
        )

    def _fetch_contract(self) -> Contract:
        """Read the WSDL; here a server that is not there is a wrong address, not a passing trouble."""
        try:
            for attempt in retrying(ATTEMPTS, self.tally, self._sleep):
                with attempt:
                    return self._contract_now(attempt.retry_state.attempt_number)
        except Passing as last:
            raise TransientError(
                f"The store at {origin(self._address.wsdl_url)} {last.what} instead of sending its WSDL: check the "
                "address of the connection, and run again when the store is back."
            ) from None
        raise AssertionError("tenacity either returns or raises")

    def _contract_now(self, attempt: int) -> Contract:
        try:
            reply = self._exchange(lambda: self._http.get(self._address.wsdl_url))
            return self._checked(Contract(reply.body, fetched_from=self._entry(reply), http=self._http))
        except Passing as passing:
            if passing.unreachable and attempt >= _OPENING_ATTEMPTS:
                raise ConfigError(
                    f"The store {passing.what}: check host and port of the connection, and that this machine may "
                    "reach it."
                ) from None
            raise
        except NotWsdl as odd:
            if attempt >= _OPENING_ATTEMPTS:
                raise ConfigError(
                    f"The address of the WSDL at {origin(self._address.wsdl_url)} gives {odd}: check the URL of the "
                    "connection, and whether a maintenance or bot-protection page stands in front of the API."
                ) from None
            raise Passing(f"sent {odd}") from None

    def _entry(self, reply: Reply) -> str:
        """Where the WSDL was found after redirects on its server, unless they lead out of TLS."""
        asked = self._address.wsdl_url
        return asked if asked.startswith("https:") and not reply.url.startswith("https:") else reply.url

    def _checked(self, contract: Contract) -> Contract:
        wanted = self._address.wsi
        if wanted != "auto" and (wanted == "on") != contract.is_wsi:
            mode = "WS-I" if contract.is_wsi else "standard"
            raise ConfigError(
                f"The connection says WS-I {wanted}, the store's WSDL is in {mode} mode: set WS-I to auto in the "
                "connection."
            )
        return contract
