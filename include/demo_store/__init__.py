"""A simulated Magento, 1 over SOAP v2 or 2 over REST: for the demo, for tests and for benchmarks.

It keeps no database and copies no recorded data: every record is made from a seed when asked for. Its truth, to
compare with, is in Python: `Shop.orders()`, `Shop.carts()`, `Shop.credit_memos()` and so on; `shop.hand` deletes and
edits single records, `shop.api` and `shop.checkout` are what its API writes through. Tests start one with
`running_store(...)`.
"""

from include.demo_store.running import RunningStore, running_store
from include.demo_store.settings import StoreSettings
from include.demo_store.shop import Shop, Tick

__all__ = ["RunningStore", "Shop", "StoreSettings", "Tick", "running_store"]
