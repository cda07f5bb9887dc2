"""What tasks work with, opened from Airflow's connections and the environment, and closed again.

The libraries behind it (psycopg, Alembic, the SOAP client) are imported by the tasks that open something: DAG files are
parsed over and over, and these would be half of their cost.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from airflow.sdk import Connection, ObjectStoragePath
from airflow.sdk.exceptions import AirflowNotFoundException
from sqlalchemy import Engine

from include.channels.loading import ChannelSet, load_channels
from include.channels.model import Channel
from include.entities.catalogue import ENTITY_NAMES
from include.errors import ConfigError
from include.settings import Settings

if TYPE_CHECKING:
    from include.delivery.place import Place
    from include.identity.guest_keys import GuestKeys
    from include.magento.throttle import Throttle
    from include.magento.writing import TwoWayDoor

WAREHOUSE = "crm_warehouse"


@contextmanager
def open_warehouse(*, connections: int | None = None) -> Iterator[Engine]:
    """The warehouse: connection `crm_warehouse` where there is one, else the embedded server.

    Args:
        connections: most of them at once; None: few, for who does one thing at a time.
    """
    from include.warehouse.engine import FEW_CONNECTIONS, open_engine, warehouse_url
    from include.warehouse.migrate import assure_current

    found = find_connection(WAREHOUSE)
    url = warehouse_url(found.get_uri() if found else None, Settings.from_environment())
    engine = open_engine(url, connections=connections or FEW_CONNECTIONS)
    try:
        assure_current(engine)
        yield engine
    finally:
        engine.dispose()


def find_connection(conn_id: str) -> Connection | None:
    """A connection by its id, from wherever Airflow keeps its secrets; None where there is none."""
    try:
        found: Connection = Connection.get(conn_id)
    except AirflowNotFoundException:
        return None
    return found


def channels() -> ChannelSet:
    """The channel files of this installation, the refused ones with their reason."""
    return load_channels(Settings.from_environment().channels_dir, ENTITY_NAMES)


@contextmanager
def open_store(channel: Channel, engine: Engine) -> Iterator[TwoWayDoor]:
    """The channel's store, its session ended afterwards.

    Raises:
        ConfigError: its connection is missing or wrong, or leads to another kind of store than before.
    """
    from include.magento.opening import StoreConnection
    from include.sync.channel_checks import check_kind

    check_kind(channel, engine)
    found = find_connection(channel.connection_id)
    if found is None:
        raise ConfigError(
            f"Channel {channel.code} uses the connection {channel.connection_id}, which does not exist: add it in "
            f"Airflow (type Magento) or set AIRFLOW_CONN_{channel.connection_id.upper()}."
        )
    connection = StoreConnection(
        conn_id=channel.connection_id,
        host=found.host,
        port=found.port,
        schema=found.schema,
        login=found.login,
        password=found.password,
        extra=found.extra_dejson,
    )
    door = connection.open(channel.kind, throttle=_throttle(channel, engine))
    try:
        yield door
    finally:
        door.close()


def _throttle(channel: Channel, engine: Engine) -> Throttle:
    from include.magento.throttle import paced
    from include.warehouse.store_slots import StoreSlots

    slots = StoreSlots(engine=engine, store=channel.connection_id, slots=channel.limits.concurrency)
    pace = channel.limits.requests_per_second
    return paced(float(pace), within=slots) if pace else slots


def staging_root() -> ObjectStoragePath:
    """Where windows are staged; the same for all workers."""
    return ObjectStoragePath(Settings.from_environment().staging_url)


def export_root() -> ObjectStoragePath:
    """Where files for people are delivered."""
    return ObjectStoragePath(Settings.from_environment().export_url)


def suppressions_root() -> ObjectStoragePath:
    """Where opt-out files are dropped."""
    return ObjectStoragePath(Settings.from_environment().suppressions_url)


def delivery_place(conn_id: str) -> Place:
    """Where a connection has files delivered to, not entered yet.

    Raises:
        ConfigError: the connection is missing or wrong.
    """
    from include.delivery.connections import Destination, open_place

    found = find_connection(conn_id)
    if found is None:
        raise ConfigError(
            f"The connection {conn_id} does not exist: add it in Airflow or set AIRFLOW_CONN_{conn_id.upper()}, as "
            "include/delivery/README.md shows."
        )
    destination = Destination(
        conn_id=conn_id,
        kind=found.conn_type or "",
        host=found.host,
        port=found.port,
        login=found.login,
        password=found.password,
        extra=found.extra_dejson,
    )
    return open_place(destination)


def data_docs_root() -> ObjectStoragePath:
    """Where the pages of checks are written."""
    return ObjectStoragePath(Settings.from_environment().data_docs_url)


def identity(engine: Engine) -> GuestKeys:
    """The secret of guest keys, the same as ever in this warehouse."""
    from include.identity.guest_keys import assure_same_secret, guest_keys

    keys = guest_keys(Settings.from_environment())
    with engine.begin() as connection:
        assure_same_secret(connection, keys)
    return keys
