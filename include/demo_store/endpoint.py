"""Bytes in, bytes out: one SOAP request to its answer, without any HTTP around it."""

from __future__ import annotations

from include.demo_store.clock import HOUR
from include.demo_store.sessions import Sessions
from include.demo_store.settings import StoreSettings
from include.demo_store.shop import Shop
from include.demo_store.wire import control_characters, envelope, request, stock, wsi
from include.demo_store.wire.envelope import SoapFault
from include.demo_store.wire.lists import OutOfMemory
from include.demo_store.wire.operations import Answers
from include.demo_store.wire.schema import METHODS


class SoapEndpoint:
    """Answers SOAP requests for one shop, one at a time.

    Args:
        shop: whose records.
        settings: users, bridge and misbehaviour.
    """

    def __init__(self, shop: Shop, settings: StoreSettings) -> None:
        self._shop = shop
        self._settings = settings
        self._sessions = Sessions(settings)
        self._answers = Answers(shop, settings)

    def answer(self, payload: bytes) -> tuple[int, bytes]:
        """HTTP status and body for a request body."""
        with self._shop.lock:
            self._let_time_pass()
            try:
                call = request.read(payload)
                if self._settings.wsi:
                    call.method = wsi.method_of(call.method)
                    wsi.in_standard_words(call)
                return 200, self._written(call.method, self._dispatch(call))
            except SoapFault as problem:
                return problem.status, envelope.fault(problem)
            except OutOfMemory:
                return 500, b""

    def _written(self, method: str, parts: list[bytes]) -> bytes:
        if not self._settings.bridge:
            parts = stock.without_bridge(method, parts)
        body = wsi.response(method, parts) if self._settings.wsi else envelope.response(method, parts)
        if self._settings.namespace != envelope.URN:
            body = body.replace(envelope.URN.encode(), self._settings.namespace.encode(), 1)
        return control_characters.raw(body) if self._settings.raw_control_characters else body

    def _let_time_pass(self) -> None:
        if self._settings.clock_step:
            self._shop.tick(self._settings.clock_step / HOUR)
        self._shop.now()

    def work_ahead(self) -> bool:
        """Uses a quiet moment; False when there is nothing to do."""
        with self._shop.lock:
            return self._answers.work_ahead()

    def _dispatch(self, call: request.Call) -> list[bytes]:
        method = METHODS.get(call.method)
        if method is None or (method.of_bridge and not self._settings.bridge):
            raise envelope.unknown_method(call.method)
        if call.method == "login":
            session = self._sessions.login(call.text.get("username", ""), call.text.get("apiKey", ""))
            return [f'<loginReturn xsi:type="xsd:string">{session}</loginReturn>\n'.encode()]
        session = call.text.get("sessionId", "")
        self._sessions.check(session, method)
        if call.method == "endSession":
            self._sessions.end(session)
            return [b'<endSessionReturn xsi:type="xsd:boolean">true</endSessionReturn>\n']
        return self._answers.methods[call.method](call)
