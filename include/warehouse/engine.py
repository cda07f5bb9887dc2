"""The way into the warehouse: which server it is, and an SQLAlchemy engine on it.

The connection `crm_warehouse` always takes precedence; without it the embedded server is started. A connection is
given as Airflow keeps it in the environment, a URI or JSON, so that nothing here needs Airflow. An engine must not be
carried into a forked process: each task opens its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import psycopg.pq
import sqlalchemy
from sqlalchemy import exc

from include.errors import ConfigError, SyncError, TransientError
from include.settings import Settings
from include.warehouse.server import WAREHOUSE_DATABASE, embedded_server

OLDEST_VERSION = 15
APPLICATION_NAME = "crm"
CONNECT_SECONDS = 10
FEW_CONNECTIONS = 5
"""What one task at a time needs."""
_KEPT_OPEN = 2

_CONNECTION = "crm_warehouse"
_DRIVER = "postgresql+psycopg"
_SCHEMES = ("postgres", "postgresql")
# Options of Airflow's own PostgreSQL hook, which say nothing about the server.
_AIRFLOW_OPTIONS = frozenset({"__extra__", "cursor", "sqlalchemy_scheme", "sqlalchemy_query"})

# libpq gives no SQLSTATE for a connection that failed, so its words decide. A sign, what it means, what to do;
# the first match counts, and what matches none is taken for a passing trouble.
_NEEDS_A_PERSON = (
    ("password authentication failed", "refuses the user name or password", "correct the login"),
    ("no password supplied", "asks for a password", "add the password"),
    ("no pg_hba.conf entry", "does not admit this user from this machine", "have its administrator admit it"),
    ("not permitted to log in", "has this role, but no login by it", "name a user who is a member of it"),
    ("role ", "does not know the user", "correct the login"),
    ("permission denied", "does not let the user in", "have its administrator grant CONNECT"),
    ("database ", "has no such database", "create the database or correct its name"),
    ("resolve host", "cannot be found by its host name", "correct the host"),
    ("certificate", "shows a TLS certificate that is not trusted", "correct sslrootcert or sslmode"),
    ("ssl", "does not agree on TLS", "correct sslmode"),
    ("invalid connection option", "was given an unknown option", "correct the options"),
)
_PASSES = (
    ("the database system is", "is starting up or shutting down", "try again in a minute"),
    ("too many", "has no free connections", "try again later or raise max_connections"),
    ("connection slots", "has no free connections", "try again later or raise max_connections"),
    ("timeout", f"does not answer within {CONNECT_SECONDS} seconds", "check the network and that it runs"),
    ("refused", "does not listen", "check that it runs"),
    ("no such file", "does not listen", "check that it runs"),
)


def warehouse_url(connection_uri: str | None, settings: Settings) -> sqlalchemy.URL:
    """Return the address of the warehouse, with the embedded server started when there is no connection.

    Args:
        connection_uri: the connection `crm_warehouse` as a URI (`postgresql://user:password@host/database?sslmode=...`)
            or in Airflow's JSON form; None or empty for the embedded server.
        settings: where the embedded server lives.

    Raises:
        ConfigError: the connection cannot be read, or the embedded server cannot run here.
        TransientError: the embedded server is still recovering.
    """
    if connection_uri and connection_uri.strip():
        return _connection_url(connection_uri.strip())
    server = embedded_server(settings)
    server.start()
    server.ensure_database(WAREHOUSE_DATABASE)
    return server.url(WAREHOUSE_DATABASE)


def open_engine(url: sqlalchemy.URL, *, connections: int = FEW_CONNECTIONS) -> sqlalchemy.Engine:
    """Open an engine on the warehouse and make sure that a supported server answers.

    Sessions are in UTC. The pool holds few connections, since many tasks share the server. The caller disposes of it.

    Args:
        url: where it is.
        connections: most of them at once, for who works in several threads.

    Raises:
        ConfigError: the server refuses us or is older than PostgreSQL 15.
        TransientError: the server is down or full.
    """
    engine = sqlalchemy.create_engine(
        url,
        connect_args=_connect_arguments(url.query),
        pool_size=_KEPT_OPEN,
        max_overflow=max(connections - _KEPT_OPEN, 0),
        pool_pre_ping=True,  # a task may pause for minutes, and firewalls and restarts cut idle connections
    )
    try:
        _check_version(engine, url)
    except BaseException:
        engine.dispose()
        raise
    return engine


def connection_error(error: exc.DBAPIError, url: sqlalchemy.URL) -> SyncError:
    """Say in one sentence why there is no connection; the driver's own words stay out, they may hold secrets."""
    said = str(error.orig).lower()
    for sign, what, remedy in _PASSES:
        if sign in said:
            return TransientError(f"{_place(url)} {what}: {remedy}.")
    for sign, what, remedy in _NEEDS_A_PERSON:
        if sign in said:
            return ConfigError(f"{_place(url)} {what}: {remedy} in the connection {_CONNECTION}.")
    return TransientError(f"{_place(url)} cannot be reached: check that it runs, then try again.")


def _connect_arguments(query: Mapping[str, Any]) -> dict[str, Any]:
    """Build the driver's arguments; what the connection says itself is kept."""
    return {
        "application_name": query.get("application_name", APPLICATION_NAME),
        "connect_timeout": query.get("connect_timeout", CONNECT_SECONDS),
        # As a start option, not as SET: a rollback or DISCARD ALL then comes back to UTC.
        "options": f"{query.get('options', '')} -c timezone=UTC".strip(),
        # psycopg prepares repeated statements, and those on a re-created staging table then fail with
        # "cached plan must not change result type"; poolers in transaction mode lose them too.
        "prepare_threshold": None,
    }


def _check_version(engine: sqlalchemy.Engine, url: sqlalchemy.URL) -> None:
    try:
        with engine.connect() as connection:
            number = int(connection.execute(sqlalchemy.text("show server_version_num")).scalar_one())
    except exc.DBAPIError as error:
        raise connection_error(error, url) from None
    if number // 10000 < OLDEST_VERSION:
        raise ConfigError(
            f"{_place(url)} is PostgreSQL {number // 10000}, the warehouse needs {OLDEST_VERSION} or newer: "
            f"upgrade the server, or name another in the connection {_CONNECTION}."
        )


def _place(url: sqlalchemy.URL) -> str:
    host = url.host or url.query.get("host")
    port = url.port or url.query.get("port") or 5432
    return f"The warehouse at {host}, port {port}, database {url.database}"


def _connection_url(text: str) -> sqlalchemy.URL:
    if text.startswith("{"):
        return _checked(_from_json(text))
    return _checked(_from_uri(text))


def _from_uri(text: str) -> sqlalchemy.URL:
    """Read a URI, with Airflow's way of putting a nested extra into `__extra__`."""
    try:
        url = sqlalchemy.make_url(text)
        url = url.update_query_dict(_options(url.query.get("__extra__")))
    except (exc.ArgumentError, ValueError):
        # The parser's own error would quote the text, password included.
        raise _unreadable("it is neither a PostgreSQL URI nor JSON") from None
    if url.drivername.split("+")[0] not in _SCHEMES:
        raise _unreadable("it does not start with postgresql://")
    return url


def _from_json(text: str) -> sqlalchemy.URL:
    """Read Airflow's JSON form, in which `schema` is the database and `extra` an object or its JSON text."""
    try:
        fields = json.loads(text)
        if fields.get("conn_type") not in _SCHEMES:
            raise _unreadable("its conn_type is not postgres")
        return sqlalchemy.URL.create(
            _DRIVER,
            username=fields.get("login") or None,
            password=fields.get("password") or None,
            host=fields.get("host") or None,
            port=int(fields["port"]) if fields.get("port") else None,
            database=fields.get("schema") or None,
            query=_options(fields.get("extra")),
        )
    except (ValueError, TypeError, AttributeError):
        raise _unreadable("its JSON is not that of an Airflow connection") from None


def _options(extra: object) -> dict[str, str]:
    options = json.loads(extra) if isinstance(extra, str) and extra.strip() else (extra or {})
    if not isinstance(options, dict):
        raise _unreadable("its extra is not a JSON object")
    return {str(name): str(value) for name, value in options.items()}


def _checked(url: sqlalchemy.URL) -> sqlalchemy.URL:
    """Refuse what would fail later and less clearly, such as an `ssl_mode` that should be `sslmode`."""
    url = url.set(drivername=_DRIVER).difference_update_query(_AIRFLOW_OPTIONS)
    known = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    unknown = sorted(set(url.query) - known)
    if unknown:
        raise _unreadable(f"PostgreSQL has no option {', '.join(unknown)}")
    if not (url.host or url.query.get("host")):
        raise _unreadable("it names no host")
    if not (url.database or url.query.get("dbname")):
        raise _unreadable("it names no database")
    return url


def _unreadable(why: str) -> ConfigError:
    return ConfigError(
        f"The connection {_CONNECTION} cannot be used, {why}: "
        "write it as postgresql://user:password@host:5432/database, special characters percent-encoded."
    )


def libpq_uri(url: sqlalchemy.URL) -> str:
    """Write an address for psql and other libpq programs, without the password (hand that over as PGPASSWORD)."""
    bare = sqlalchemy.URL.create(
        "postgresql", username=url.username, host=url.host, port=url.port, database=url.database
    )
    options = "&".join(f"{quote(name)}={quote(str(value))}" for name, value in url.query.items())
    return f"{bare.render_as_string()}?{options}" if options else bare.render_as_string()
