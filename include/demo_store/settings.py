"""How a demo store is set up: size, seed, clock, users, and how it misbehaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from include.demo_store.clock import DEFAULT_START
from include.errors import ConfigError

DEFAULT_USER = "crm_sync"
DEFAULT_KEY = "demo-store-key"
LIMITED_USER = "crm_limited"
"""May log in with the same key but not read orders."""
CONSUMER_KEY, CONSUMER_SECRET = "demo-consumer", "demo-consumer-half"
ACCESS_TOKEN, TOKEN_SECRET = "demo-access", "demo-access-half"
"""The four keys of the integration in a store that speaks REST; none of them is a secret."""
FATAL_KINDS = (
    "customer",
    "order",
    "cart",
    "subscriber",
    "credit_memo",
    "invoice",
    "shipment",
    "product",
    "region",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """Settings of one demo store; the defaults make the small shop of the demo."""

    kind: Literal["magento1", "magento2"] = "magento1"
    """What the store speaks: SOAP, or REST."""
    customers: int = 300
    orders: int = 1200
    seed: int = 7
    clock: str = DEFAULT_START
    """ISO instant (UTC) at which the clock stands, or "now" for one that runs."""
    bridge: bool = True
    bridge_version: str = "1.2.19"
    """What `oroPing` answers; an older one changes nothing but this answer."""
    namespace: str = "urn:Magento"
    """Target namespace of WSDL and answers; `urn:OpenMage` for an OpenMage from 19.4.17 on."""
    user: str = DEFAULT_USER
    key: str = DEFAULT_KEY
    expire_every: int = 0
    """All sessions end at every n-th call; 0 for never."""
    fail_every: int = 0
    """Every n-th request is broken off: 503, HTML page, cut-off body, hang-up in turn; 0 for never."""
    max_rows: int = 0
    """Core lists, and pages over REST, of more rows end in HTTP 500; 0 for a shop with enough memory."""
    wsi: bool = False
    """Whether the shop is set to WS-I compliance: another WSDL, document/literal calls and answers."""
    eav_attributes: bool = False
    """Whether the bridge adds `attributes` to orders, customers and addresses (its setting `enable_attributes`)."""
    raw_control_characters: bool = False
    """Sends control characters as they are, as Magento up to 1.9.2.4 does: such answers are not well-formed."""
    slow_every: int = 0
    """Every n-th call takes `slow_seconds` longer; 0 for never."""
    slow_seconds: float = 5.0
    fatal: tuple[str, ...] = ()
    """Records on which the shop dies, as `cart:15`: every page and single answer with one ends in an empty HTTP 500."""
    clock_step: int = 0
    """Seconds by which the clock moves at every call, so that rows change while they are paged; 0 for none."""
    date_skew: int = 0
    """Seconds by which the web server's Date header is ahead of the shop's clock, or behind when below 0."""

    consumer_key: str = CONSUMER_KEY
    consumer_secret: str = CONSUMER_SECRET
    access_token: str = ACCESS_TOKEN
    token_secret: str = TOKEN_SECRET
    bearer: bool = True
    """REST: whether the access token alone is enough, which Magento refuses by default since 2.4.4."""
    withheld: tuple[str, ...] = ()
    """REST: resources that the integration was not given, as `Magento_Sales::sales_creditmemo`."""
    page_cap: int = 0
    """REST: larger pages are refused; 0 for no cap."""
    last_page_repeats: bool = False
    """REST: who asks for a page behind the last one is given the last again, as before 2.4.0."""
    kept_megabytes: int = 64
    """REST: how much of what was written is kept, list by list, for whoever asks again."""
    klaviyo: bool = False
    """REST: whether the Klaviyo extension is installed, which tells the newsletter's entries."""
    compressed: bool = False
    """REST: whether the web server compresses answers for those who take it."""

    def fatal_ids(self) -> dict[str, set[int]]:
        """Ids of the fatal records by kind.

        Raises:
            ConfigError: on an entry that is no `kind:id`.
        """
        found: dict[str, set[int]] = {}
        for entry in self.fatal:
            kind, _, number = entry.partition(":")
            if kind not in FATAL_KINDS or not number.isdecimal():
                raise ConfigError(
                    f"{entry!r} names no record: write it as cart:15, with one of {', '.join(FATAL_KINDS)}."
                )
            found.setdefault(kind, set()).add(int(number))
        return found
