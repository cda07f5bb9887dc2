"""OAuth 1.0a with HMAC-SHA256 (RFC 5849), the one way into a Magento 2 store that is never switched off.

What a newcomer would get wrong: the query belongs to what is signed, the JSON body does not, and port and scheme must
be those the store itself sees. A signature is good for one request: a retry is signed anew.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl, quote, urlsplit

from include.magento.rest.address import OAuthKeys

Parameters = dict[str, str]


class Signer:
    """Signs requests with the keys of one integration.

    Args:
        keys: the integration's.
        now: seconds since 1970.
        nonce: a text never used before.
    """

    def __init__(
        self,
        keys: OAuthKeys,
        *,
        now: Callable[[], float] = time.time,
        nonce: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        self._keys = keys
        self._now = now
        self._nonce = nonce

    def parameters(self, verb: str, url: str) -> Parameters:
        """What goes with the request to this URL, the signature included."""
        given = {
            "oauth_consumer_key": self._keys.consumer_key,
            "oauth_nonce": self._nonce(),
            "oauth_signature_method": "HMAC-SHA256",
            "oauth_timestamp": str(int(self._now())),
            "oauth_token": self._keys.token,
            "oauth_version": "1.0",
        }
        return given | {"oauth_signature": self._signature(base_string(verb, url, given.items()))}

    def _signature(self, text: str) -> str:
        key = f"{_quoted(self._keys.consumer_secret)}&{_quoted(self._keys.token_secret)}"
        return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def base_string(verb: str, url: str, parameters: Iterable[tuple[str, str]]) -> str:
    """The text that is signed: verb, address without query, and all parameters by name and value.

    Magento puts them in natural order (`group 2` before `group 10`), RFC 5849 in that of bytes: the two agree as long
    as no number in a name has two digits, which `include.magento.rest.criteria` sees to.
    """
    parts = urlsplit(url)
    given = [*parse_qsl(parts.query, keep_blank_values=True), *parameters]
    pairs = sorted((_quoted(name), _quoted(value)) for name, value in given)
    joined = "&".join(f"{name}={value}" for name, value in pairs)
    address = f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2].lower()}{parts.path or '/'}"
    return "&".join(_quoted(part) for part in (verb.upper(), address, joined))


def header(parameters: Parameters) -> str:
    """As an Authorization header."""
    return "OAuth " + ", ".join(f'{name}="{_quoted(value)}"' for name, value in parameters.items())


def query(parameters: Parameters) -> str:
    """As part of a query, where the header is taken by an HTTP basic auth in front of the store."""
    return "&".join(f"{name}={_quoted(value)}" for name, value in parameters.items())


def _quoted(text: str) -> str:
    return quote(text, safe="-._~")
