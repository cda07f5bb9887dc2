"""A channel keeps to one kind of store: who moves to Magento 2 gives the new shop a channel of its own."""

from __future__ import annotations

import pytest

from include.errors import ConfigError
from include.sync.channel_checks import check_kind
from include.sync.registered import register
from tests.sync.records import order
from tests.sync.shop import T0, Shop, channel

NEW = channel(kind="magento2")


def test_file_that_turns_a_loaded_channel_into_another_kind_of_store_is_refused(shop: Shop) -> None:
    register(shop.engine, channel(), T0)
    shop.load("orders", order(1))
    for _ in range(2):  # however often its file is read
        register(shop.engine, NEW, T0)
        with pytest.raises(ConfigError, match="replaces: us"):
            check_kind(NEW, shop.engine)
    check_kind(channel(), shop.engine)


def test_kind_may_be_mended_as_long_as_nothing_is_loaded(shop: Shop) -> None:
    check_kind(NEW, shop.engine)
    for one in (channel(), NEW):
        register(shop.engine, one, T0)
        check_kind(one, shop.engine)
