"""What tasks work with, opened from Airflow's connections and the environment, and closed again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from airflow.sdk import Connection, ObjectStoragePath
from airflow.sdk.exceptions import AirflowNotFoundException
from sqlalchemy import Engine

from include.channels.loading import ChannelSet, load_channels
from include.channels.model import Channel
from include.entities.catalogue import ENTITY_NAMES
from include.errors import ConfigError
from include.identity.guest_keys import GuestKeys, assure_same_secret, guest_keys
from include.magento.address import address_from_connection
from include.magento.door import Door
from include.magento.soap import open_door
from include.magento.throttle import Throttle, paced
from include.settings import Settings
from include.warehouse.engine import open_engine, warehouse_url
from include.warehouse.leases import StoreLeases
from include.warehouse.migrate import assure_current

WAREHOUSE = "crm_warehouse"


@contextmanager
def open_warehouse() -> Iterator[Engine]:
    """The warehouse: connection `crm_warehouse` where there is one, else the embedded server."""
    found = _connection(WAREHOUSE)
    engine = open_engine(warehouse_url(found.get_uri() if found else None, Settings.from_environment()))
    try:
        assure_current(engine)
        yield engine
    finally:
        engine.dispose()


def _connection(conn_id: str) -> Connection | None:
    try:
        return Connection.get(conn_id)
    except AirflowNotFoundException:
        return None


def channels() -> ChannelSet:
    """The channel files of this installation, the refused ones with their reason."""
    return load_channels(Settings.from_environment().channels_dir, ENTITY_NAMES)


@contextmanager
def open_store(channel: Channel, engine: Engine) -> Iterator[Door]:
    """The channel's store, its session ended afterwards.

    Raises:
        ConfigError: its connection is missing or wrong.
    """
    found = _connection(channel.connection_id)
    if found is None:
        raise ConfigError(
            f"Channel {channel.code} uses the connection {channel.connection_id}, which does not exist: add it in Airflow "
            f"(type Magento) or set AIRFLOW_CONN_{channel.connection_id.upper()}."
        )
    address = address_from_connection(
        conn_id=channel.connection_id,
        host=found.host,
        port=found.port,
        schema=found.schema,
        login=found.login,
        password=found.password,
        extra=found.extra_dejson,
    )
    door = open_door(address, throttle=_throttle(channel, engine))
    try:
        yield door
    finally:
        door.close()


def _throttle(channel: Channel, engine: Engine) -> Throttle:
    leases = StoreLeases(engine=engine, store=channel.connection_id, slots=channel.limits.concurrency)
    pace = channel.limits.requests_per_second
    return paced(float(pace), within=leases) if pace else leases


def staging_root() -> ObjectStoragePath:
    """Where windows are staged; the same for all workers."""
    return ObjectStoragePath(Settings.from_environment().staging_url)


def export_root() -> ObjectStoragePath:
    """Where files for people are delivered."""
    return ObjectStoragePath(Settings.from_environment().export_url)


def identity(engine: Engine) -> GuestKeys:
    """The secret of guest keys, the same as ever in this warehouse."""
    keys = guest_keys(Settings.from_environment())
    with engine.begin() as connection:
        assure_same_secret(connection, keys)
    return keys
