"""OAuth 1.0a with HMAC-SHA256 (RFC 5849), the one way into a Magento 2 store that is never switched off.

oauthlib signs. What a newcomer would get wrong: the query belongs to what is signed, the JSON body does not, and port
and scheme must be those the store itself sees. A signature is good for one request: a retry is signed anew.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from oauthlib.common import generate_nonce
from oauthlib.oauth1 import (
    SIGNATURE_HMAC_SHA256,
    SIGNATURE_TYPE_AUTH_HEADER,
    SIGNATURE_TYPE_QUERY,
    Client,
)

from include.magento.rest.address import OAuthKeys

# It would write keys and tokens to a log of level DEBUG.
logging.getLogger("oauthlib").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature in both places it may stand: as an Authorization header, and in the URL's query."""

    header: str
    url: str


class Signer:
    """Signs requests with the keys of one integration.

    Magento puts parameters in natural order (`group 2` before `group 10`), RFC 5849 in that of bytes: the two agree as
    long as no number in a name has two digits, which `include.magento.rest.criteria` sees to.

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
        nonce: Callable[[], str] = generate_nonce,
    ) -> None:
        self._keys = keys
        self._now = now
        self._nonce = nonce

    def sign(self, verb: str, url: str) -> Signature:
        """A signature for one request to this URL."""
        once = {"nonce": self._nonce(), "timestamp": str(int(self._now()))}
        _, headers, _ = self._client(SIGNATURE_TYPE_AUTH_HEADER, once).sign(url, verb)
        signed_url, _, _ = self._client(SIGNATURE_TYPE_QUERY, once).sign(url, verb)
        return Signature(header=str(headers["Authorization"]), url=str(signed_url))

    def _client(self, place: str, once: dict[str, str]) -> Client:
        return Client(
            self._keys.consumer_key,
            client_secret=self._keys.consumer_secret,
            resource_owner_key=self._keys.token,
            resource_owner_secret=self._keys.token_secret,
            signature_method=SIGNATURE_HMAC_SHA256,
            signature_type=place,
            **once,
        )
