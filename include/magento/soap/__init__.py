"""Magento 1 / OpenMage over SOAP v2.

`open_door` is all the rest of the project needs. zeep and lxml are imported when a door is opened, not before: entity
modules import this package for their declarations, and DAG files import those.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from include.magento.throttle import Throttle, unlimited

if TYPE_CHECKING:
    from include.magento.address import StoreAddress
    from include.magento.soap.client import SoapDoor


def open_door(
    address: StoreAddress,
    *,
    throttle: Throttle = unlimited,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> SoapDoor:
    """Fetch the store's WSDL and give the door to it; the login follows with the first call.

    Args:
        address: where the store is and who we are.
        throttle: the slot each call is made in; see `include.magento.throttle`.
        clock: seconds that only grow, for time limits and the age of answers.
        sleep: waits between tries.

    Raises:
        ConfigError: nobody is there, TLS fails, or what is there is no Magento SOAP API.
        TransientError: the store is too busy to send its WSDL.
    """
    from include.magento.soap.client import SoapDoor
    from include.magento.soap.session import Session

    return SoapDoor(Session(address, throttle=throttle, clock=clock, sleep=sleep))
