"""Who may ask what: tokens, OAuth 1.0a signatures, and rights by the name of their resource.

What a newcomer would get wrong: no token, a wrong one and a missing right are answered alike. Only a wrong signature
is told apart. The signature is checked on what arrives, by code of its own: the project's own signing must not be what
its fake is tested with.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from urllib.parse import parse_qsl, quote, unquote

from include.demo_store.rest.problems import ApiProblem, not_authorised
from include.demo_store.rest.request import RestRequest
from include.demo_store.settings import StoreSettings

OPEN = "anonymous"
"""A resource that everybody may have."""
_HEADER_PART = re.compile(r'(\w+)="([^"]*)"')
_DIGITS = re.compile(r"(\d+)")
_LIVES = 20


class Access:
    """Checks who asks.

    Args:
        settings: keys, and what the integration was not given.
    """

    def __init__(self, settings: StoreSettings) -> None:
        self._settings = settings
        self._admin_tokens: list[str] = []
        self._nonces: set[tuple[str, str]] = set()
        self._calls = 0

    def admin_token(self, user: object, password: object) -> str:
        """A token for an admin user, who may do everything.

        Raises:
            ApiProblem: name or password are wrong.
        """
        if (user, password) != (self._settings.user, self._settings.key):
            said = "The account sign-in was incorrect or your account is disabled temporarily."
            raise ApiProblem(401, f"{said} Please wait and try again later.")
        self._admin_tokens = [*self._admin_tokens[-_LIVES:], secrets.token_hex(16)]
        return self._admin_tokens[-1]

    def check(self, request: RestRequest, resource: str) -> None:
        """Refuse who may not have the resource.

        Raises:
            ApiProblem: the request is not signed, wrongly signed, or without the right.
        """
        if resource == OPEN:
            return
        self._let_expire()
        is_admin = self._is_admin(request)
        if not is_admin and not self._is_integration(request):
            raise not_authorised(resource)
        if not is_admin and resource in self._settings.withheld:
            raise not_authorised(resource)

    def _let_expire(self) -> None:
        self._calls += 1
        if self._settings.expire_every and self._calls % self._settings.expire_every == 0:
            self._admin_tokens.clear()

    def _is_admin(self, request: RestRequest) -> bool:
        return _bearer(request) in self._admin_tokens

    def _is_integration(self, request: RestRequest) -> bool:
        if token := _bearer(request):
            return self._settings.bearer and token == self._settings.access_token
        given = _signature_parameters(request)
        return bool(given) and self._is_signed(request, given)

    def _is_signed(self, request: RestRequest, given: dict[str, str]) -> bool:
        known = self._settings.consumer_key, self._settings.access_token
        if (given.get("oauth_consumer_key"), given.get("oauth_token")) != known:
            return False
        method = given.get("oauth_signature_method", "")
        if method != "HMAC-SHA256":
            raise ApiProblem(400, "Signature method %1 is not supported", [method])
        nonce = given.get("oauth_timestamp", ""), given.get("oauth_nonce", "")
        if nonce in self._nonces:
            raise ApiProblem(401, "The nonce is already being used by the consumer with ID %1.", ["1"])
        self._nonces.add(nonce)
        if not hmac.compare_digest(given.get("oauth_signature", ""), self._signature(request, given)):
            raise ApiProblem(401, "The signature is invalid. Verify and try again.")
        return True

    def _signature(self, request: RestRequest, given: dict[str, str]) -> str:
        key = f"{self._settings.consumer_secret}&{self._settings.token_secret}".encode()
        text = _base_string(request, given).encode()
        return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def _bearer(request: RestRequest) -> str:
    kind, _, token = request.authorization.partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _signature_parameters(request: RestRequest) -> dict[str, str]:
    """From the header, or from the query where something in front of the shop has taken the header."""
    if request.authorization.startswith("OAuth "):
        return {name: unquote(value) for name, value in _HEADER_PART.findall(request.authorization)}
    return {name: value for name, value in request.query if name.startswith("oauth_")}


def _base_string(request: RestRequest, given: dict[str, str]) -> str:
    pairs = {**dict(parse_qsl(request.raw_query, keep_blank_values=True)), **given}
    pairs.pop("oauth_signature", None)
    names = sorted(pairs, key=_natural)
    joined = "&".join(f"{quote(name, safe='~')}={quote(pairs[name], safe='~')}" for name in names)
    parts = request.method, f"http://{request.host}{request.path}", joined
    return "&".join(quote(part, safe="~") for part in parts)


def _natural(name: str) -> list[tuple[int, str]]:
    """As PHP's `strnatcmp` orders: numbers in names by their value, so that group 10 comes behind group 2."""
    parts = _DIGITS.split(quote(name, safe="~"))
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
