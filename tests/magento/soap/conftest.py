"""A scripted store and a door to it that never waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from include.magento.soap import open_door
from include.magento.soap.client import SoapDoor
from tests.magento.soap.scripted_shop import Shop
from tests.magento.soap.scripted_store import ScriptedStore, running

OpenDoor = Callable[..., SoapDoor]


@pytest.fixture
def store() -> Iterator[ScriptedStore]:
    """A store of this test's own, on a free port."""
    with running(ScriptedStore()) as store:
        yield store


@pytest.fixture
def pauses() -> list[float]:
    """The pauses between tries, in seconds, instead of making them."""
    return []


@pytest.fixture
def enter(pauses: list[float]) -> Iterator[OpenDoor]:
    """Opens doors that do not wait, and closes them."""
    with ExitStack() as stack:

        def enter(address: Any, **settings: Any) -> SoapDoor:
            return stack.enter_context(open_door(address, sleep=pauses.append, **settings))

        yield enter


@pytest.fixture
def shop(store: ScriptedStore) -> Shop:
    """Ten orders in the scripted store."""
    return Shop(store, 10)


@pytest.fixture
def door(shop: Shop, enter: OpenDoor) -> SoapDoor:
    """An open door to that shop."""
    return enter(shop.store.address())
