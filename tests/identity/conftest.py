from __future__ import annotations

import pytest

from tests.sync.migrated_warehouse import migrated_template
from tests.sync.prepared_shop import prepared
from tests.sync.records import dictionaries
from tests.sync.shop import Shop, shop

__all__ = ["migrated_template", "shop"]


@pytest.fixture
def stores(shop: Shop) -> Shop:
    """A shop of which the store views, websites and customer groups are loaded."""
    return prepared(shop, load_stores)


def load_stores(shop: Shop) -> None:
    shop.load("stores", dictionaries())
