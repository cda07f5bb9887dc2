"""Which of the calls in a store's WSDL this project relies on: the bridge's only from the version that does them right.

An old bridge lists a call and answers it wrongly or not at all, so the WSDL alone says too much.
"""

from __future__ import annotations

import logging
import re
from functools import cached_property

from include.errors import ConfigError
from include.magento.faults import CALL_FAILURES
from include.magento.soap.session import Session

LEAST_BRIDGE = {
    "oroQuoteList": "1.2.0",
    "newsletterSubscriberList": "1.2.0",
    "newsletterSubscriberCreate": "1.2.0",
    "newsletterSubscriberUpdate": "1.2.0",
    "oroRegionList": "1.2.14",
}
"""The first version of the bridge on which each call can be relied on, as OroCRM found out."""
log = logging.getLogger(__name__)


class Offer:
    """The calls that can be relied on in one store; asks for the bridge's version once, and only if it matters."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @cached_property
    def methods(self) -> frozenset[str]:
        """Names of the calls."""
        listed = self._session.contract.methods
        return frozenset(m for m in listed if m not in LEAST_BRIDGE or self.bridge_is(LEAST_BRIDGE[m]))

    def why_not(self, method: str) -> str:
        """The reason why a call is not offered, in one sentence."""
        if method in self._session.contract.methods:
            return (
                f"The Oro bridge of the store has version {self.bridge_version}, {method} needs "
                f"{LEAST_BRIDGE[method]} or later: update the bridge."
            )
        return f"The store has no call {method}: it needs the Oro bridge or a newer Magento."

    def bridge_is(self, least: str) -> bool:
        """Whether the bridge is of this version or later; one that does not tell its version is taken for new."""
        return self.bridge_version is None or _numbers(self.bridge_version) >= _numbers(least)

    @cached_property
    def bridge_version(self) -> str | None:
        """What the bridge says of itself; None without a bridge or a permission to ask."""
        if "oroPing" not in self._session.contract.methods:
            return None
        try:
            version = self._session.call("oroPing").record.get("version")
        except (ConfigError, *CALL_FAILURES) as refusal:
            log.warning("the version of the bridge is not known: %s", refusal.summary)
            return None
        return version if isinstance(version, str) else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)))
