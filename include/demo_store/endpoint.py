"""Bytes in, bytes out: one SOAP request to its answer, without any HTTP around it."""

from __future__ import annotations

from include.demo_store.sessions import Sessions
from include.demo_store.settings import StoreSettings
from include.demo_store.shop import Shop
from include.demo_store.wire import envelope, request
from include.demo_store.wire.envelope import SoapFault
from include.demo_store.wire.operations import Answers, OutOfMemory
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
        self._answers = Answers(shop, settings.max_rows)

    def answer(self, payload: bytes) -> tuple[int, bytes]:
        """HTTP status and body for a request body."""
        with self._shop.lock:
            self._shop.now()
            try:
                call = request.read(payload)
                return 200, envelope.response(call.method, self._dispatch(call))
            except SoapFault as problem:
                return problem.status, envelope.fault(problem)
            except OutOfMemory:
                return 500, b""

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
