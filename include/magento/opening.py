"""The door that fits a channel's kind of store, from the fields of its Airflow connection.

One connection type serves all kinds: which of its fields mean what is told by the channel, and by the connection's own
field `kind` where there is no channel to ask, as behind the button "Test".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from include.magento.throttle import Throttle, unlimited

if TYPE_CHECKING:
    from include.entities.fields import StoreKind
    from include.magento.address import StoreAddress
    from include.magento.rest.address import RestAddress
    from include.magento.writing import TwoWayDoor

MAGENTO_2 = "magento2"
_OF_MAGENTO_2 = ("consumer_key", "ims_organisation")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreConnection:
    """The fields of an Airflow connection of type Magento."""

    conn_id: str
    host: str | None
    port: int | None
    schema: str | None
    login: str | None = field(repr=False)
    password: str | None = field(repr=False)
    extra: Mapping[str, Any] = field(repr=False)

    @property
    def kind(self) -> StoreKind:
        """What the store runs on as far as the connection says; Magento 1 unless it says otherwise.

        Keys that only a Magento 2 has say it, too: the form fills `kind` in by itself, and people leave it at that.
        """
        is_said = str(self.extra.get("kind") or "").strip() == MAGENTO_2
        has_keys = any(str(self.extra.get(name) or "").strip() for name in _OF_MAGENTO_2)
        return "magento2" if is_said or has_keys else "magento1"

    def open(self, kind: StoreKind, *, throttle: Throttle = unlimited) -> TwoWayDoor:
        """The door to the store.

        Raises:
            ConfigError: a field is missing or wrong, or nobody is there.
            TransientError: the store is too busy to be entered.
        """
        if kind == MAGENTO_2:
            from include.magento import rest

            return rest.open_door(self.rest_address(), throttle=throttle)
        from include.magento import soap

        return soap.open_door(self.soap_address(), throttle=throttle)

    def soap_address(self) -> StoreAddress:
        """The address of a Magento 1 store; raises ConfigError where a field is missing or wrong."""
        from include.magento.address import address_from_connection

        return address_from_connection(**self._fields())

    def rest_address(self) -> RestAddress:
        """The address of a Magento 2 store; raises ConfigError where a field is missing or wrong."""
        from include.magento.rest.address import rest_address_from_connection

        return rest_address_from_connection(**self._fields())

    def _fields(self) -> dict[str, Any]:
        return {one.name: getattr(self, one.name) for one in fields(self)}
