"""A demo store for tests: `with running_store(customers=20, orders=50) as store: ... store.url`.

The server runs in a thread of the same process, on a free port, so tests can look into `store.shop` directly.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from include.demo_store.server import StoreServer, application, listen, store_url
from include.demo_store.settings import StoreSettings
from include.demo_store.shop import Shop, Tick

_PATIENCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class RunningStore:
    """A store that answers."""

    url: str
    """Address of the WSDL, or of the REST API."""
    user: str
    key: str
    shop: Shop

    def tick(self, hours: float = 24) -> Tick:
        """Moves the shop's clock forward."""
        return self.shop.tick(hours)


@contextmanager
def running_store(*, shop: Shop | None = None, **settings: Any) -> Iterator[RunningStore]:
    """Starts a store and stops it afterwards.

    Args:
        shop: serve this shop, as of its own clock, instead of a new one: another manner, the same records.
        **settings: fields of `StoreSettings`.
    """
    chosen = StoreSettings(**settings)
    shop = shop or Shop(
        customers=chosen.customers, orders=chosen.orders, seed=chosen.seed, clock=chosen.clock
    )
    listener = listen(0)
    server = StoreServer(application(shop, chosen), lambda: None)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True, name="demo-store")
    thread.start()
    try:
        _wait(server, thread)
        yield RunningStore(store_url(listener, chosen), chosen.user, chosen.key, shop)
    finally:
        server.should_exit = True
        thread.join(_PATIENCE_SECONDS)
        listener.close()


def _wait(server: StoreServer, thread: threading.Thread) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("The demo store did not start: look at its log lines above.")
        time.sleep(0.005)
