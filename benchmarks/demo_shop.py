"""Input of the benchmarks: what a simulated Magento answers, and what a mapping of its records needs to know.

Nothing goes over a network here: the demo store hands its answers over as bytes, exactly those that its server sends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from include.channels.model import Channel
from include.demo_store import Shop, StoreSettings
from include.demo_store.endpoint import SoapEndpoint
from include.demo_store.stores import STORES
from include.identity.guest_keys import GuestKeys
from include.magento.door import Record
from include.magento.soap.envelope import read_answer
from include.sync.mapping import Mapping

PAGE_SIZE = 100
CHANNEL = Channel.model_validate(
    {
        "code": "bench",
        "name": "Benchmark",
        "kind": "magento1",
        "connection_id": "bench",
        "timezone": "Europe/Berlin",
        "reporting_currency": "EUR",
    }
)
KEYS = GuestKeys(b"the benchmark's own")
MAPPING = Mapping(
    channel=CHANNEL,
    websites={str(store.store_id): str(store.website.website_id) for store in STORES}.get,
    guests=KEYS,
)

_ENVELOPE = (
    '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns1="urn:Magento">'
    "<SOAP-ENV:Body><ns1:{method}>{arguments}</ns1:{method}></SOAP-ENV:Body></SOAP-ENV:Envelope>"
)


@dataclass(slots=True)
class DemoShop:
    """A demo store that answers in this process."""

    endpoint: SoapEndpoint
    session: str = ""

    @classmethod
    def of_size(cls, *, orders: int) -> DemoShop:
        """Open a shop and log in."""
        settings = StoreSettings(customers=max(orders // 4, 1), orders=orders)
        shop = cls(SoapEndpoint(Shop(customers=settings.customers, orders=orders), settings))
        answer = shop._ask("login", f"<username>{settings.user}</username><apiKey>{settings.key}</apiKey>")
        shop.session = read_answer(answer).text or ""
        return shop

    def bridge_page(self, number: int) -> bytes:
        """The answer that holds one page of 100 whole orders, as fetched."""
        pager = f"<pager><page>{number}</page><pageSize>{PAGE_SIZE}</pageSize></pager>"
        return self._ask("oroOrderList", f"<sessionId>{self.session}</sessionId><filters/>{pager}")

    def orders(self, count: int) -> list[Record]:
        """Records of the first orders, read page by page."""
        records: list[Record] = []
        number = 1
        while len(records) < count:
            rows = read_answer(self.bridge_page(number)).rows
            if not rows:
                break
            records += rows
            number += 1
        return records[:count]

    def _ask(self, method: str, arguments: str) -> bytes:
        status, body = self.endpoint.answer(_ENVELOPE.format(method=method, arguments=arguments).encode())
        if status != 200 or re.search(rb"<faultcode>", body):
            raise RuntimeError(f"The demo store does not answer {method}.")
        return body
