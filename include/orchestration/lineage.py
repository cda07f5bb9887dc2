"""Lineage: which store, tables and files a task reads and writes, told to whoever collects it (OpenLineage's provider).

Airflow makes lineage of nothing but an asset's URI. Ours have names only: a URI holds the server's address, which is
in a connection, and a DAG file must not read one when it is parsed; and an asset with another URI is another asset to
what is scheduled on it. So tasks tell when they run, through Airflow's own collector, which does nothing while nobody
reads it. They tell before they work: files they open are collected too, and the collector holds a hundred.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from airflow.sdk.lineage import get_hook_lineage_collector

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

    from include.channels.model import Channel


def reads_tables(engine: Engine, tables: Iterable[str]) -> None:
    """Tell of tables that are read, each with its schema: crm.orders."""
    for table in tables:
        get_hook_lineage_collector().add_input_asset(context=_us(), uri=table_uri(engine.url, table))


def writes_tables(engine: Engine, tables: Iterable[str]) -> None:
    """Tell of tables that are written, each with its schema: crm.orders."""
    for table in tables:
        get_hook_lineage_collector().add_output_asset(context=_us(), uri=table_uri(engine.url, table))


def reads_store(channel: Channel, entity_name: str) -> None:
    """Tell of the store that an entity is read from; nothing while its connection is missing."""
    from include.orchestration.resources import find_connection

    found = find_connection(channel.connection_id)
    if found is not None:
        get_hook_lineage_collector().add_input_asset(
            context=_us(), uri=store_uri(found.host or "", entity_name)
        )


def writes_files(folder: str) -> None:
    """Tell of a folder that files for people are delivered to."""
    get_hook_lineage_collector().add_output_asset(context=_us(), uri=folder)


def table_uri(url: URL, table: str) -> str:
    """postgres://host:port/database/schema/table; a server behind a socket of this machine is localhost."""
    host = url.host or str(url.query.get("host", ""))
    port = url.port or url.query.get("port") or 5432
    place = "localhost" if host.startswith("/") or not host else host
    return f"postgres://{place}:{port}/{url.database}/{table.replace('.', '/')}"


def store_uri(address: str, entity_name: str) -> str:
    """magento://host/entity, without whatever login is in the address."""
    parts = urlsplit(address if "://" in address else f"https://{address}")
    return f"magento://{parts.netloc.rpartition('@')[2]}/{entity_name}"


def _us() -> Any:
    """Who tells; the collector asks for a hook or a path, and only looks at which one it is."""
    return get_hook_lineage_collector()
