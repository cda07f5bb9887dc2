"""Magento 2, Adobe Commerce and Mage-OS over REST.

`open_door` is all the rest of the project needs. Opening asks the store nothing: a wrong address or key shows with the
first call. httpx is imported when a door is opened, not before: entity modules import this package for their
declarations, and DAG files import those.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from include.magento.throttle import Throttle, unlimited

if TYPE_CHECKING:
    from httpx import BaseTransport

    from include.magento.rest.address import RestAddress
    from include.magento.rest.client import RestDoor


def open_door(
    address: RestAddress,
    *,
    throttle: Throttle = unlimited,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    transport: BaseTransport | None = None,
) -> RestDoor:
    """The door to a store; nothing is asked yet.

    Args:
        address: where the store is and who we are.
        throttle: the slot each call is made in; see `include.magento.throttle`.
        clock: seconds that only grow, for time limits and the age of answers.
        sleep: waits between tries.
        transport: carries the requests; the network unless given.
    """
    from include.magento.rest.client import RestDoor
    from include.magento.rest.session import Session

    return RestDoor(Session(address, throttle=throttle, clock=clock, sleep=sleep, transport=transport))
