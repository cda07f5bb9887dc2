"""Who may call: users, keys, permissions and sessions."""

from __future__ import annotations

import itertools
import secrets

from include.demo_store.settings import LIMITED_USER, StoreSettings
from include.demo_store.wire.envelope import ACCESS_DENIED, PARAMETER_MISSING, SESSION_EXPIRED
from include.demo_store.wire.schema import Method


class Sessions:
    """Open sessions by id; they live until ended or expired on purpose."""

    def __init__(self, settings: StoreSettings) -> None:
        self._settings = settings
        self._users: dict[str, str] = {}
        self._calls = itertools.count(1)

    def login(self, user: str, key: str) -> str:
        """A new session id; faults as Magento does on empty or wrong names and keys."""
        if not user or not key:
            raise PARAMETER_MISSING
        known = (self._settings.user, LIMITED_USER)
        if user not in known or not secrets.compare_digest(key.encode(), self._settings.key.encode()):
            raise ACCESS_DENIED
        session = secrets.token_hex(16)
        self._users[session] = user
        return session

    def check(self, session: str, method: Method) -> None:
        """Faults unless the session is open and its user may call the method."""
        if self._settings.expire_every and next(self._calls) % self._settings.expire_every == 0:
            self._users.clear()
        if session not in self._users:
            raise SESSION_EXPIRED
        if self._users[session] == LIMITED_USER and method.resource == "order":
            raise ACCESS_DENIED

    def end(self, session: str) -> None:
        """Forgets a session."""
        self._users.pop(session, None)
