"""PostgreSQL's client programs (psql, pg_dump, pg_restore), and how they are told where the warehouse is.

Those of the embedded server's wheel are built without TLS, so for a server of your own those of this machine come
first, if there are any.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import sqlalchemy

from include.warehouse.engine import libpq_uri
from include.warehouse.server_binaries import wheel_programs


def client_program(name: str, *, is_embedded: bool) -> Path:
    """Where a program is.

    Args:
        name: psql, pg_dump or pg_restore.
        is_embedded: whether it is to speak with the embedded server, whose version it then has.
    """
    of_machine = shutil.which(name)
    if is_embedded or of_machine is None:
        return wheel_programs() / name
    return Path(of_machine)


def address_arguments(url: sqlalchemy.URL) -> list[str]:
    """Which database, without the password."""
    return ["--dbname", libpq_uri(url)]


def secrets_of(url: sqlalchemy.URL) -> dict[str, str]:
    """Hand the password over in the environment: everyone on a machine can read a process's arguments."""
    return {"PGPASSWORD": url.password} if url.password else {}
