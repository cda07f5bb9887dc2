"""A prompt on the warehouse: `python -m include.warehouse.psql [arguments of psql]`, also `make psql`.

The psql of the embedded server is built without TLS, so a server of your own is opened with the psql of this machine,
if there is one.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import sqlalchemy

from include.errors import SyncError
from include.settings import Settings
from include.warehouse.engine import libpq_uri, warehouse_url
from include.warehouse.server_binaries import wheel_programs


def psql_command(connection_uri: str | None, settings: Settings) -> tuple[list[str], dict[str, str]]:
    """Return the command and the environment it needs besides ours; the embedded server is started if it is used."""
    url = warehouse_url(connection_uri, settings)
    program = _psql(is_embedded=not connection_uri)
    return [str(program), "--dbname", libpq_uri(url)], _secrets(url)


def _psql(*, is_embedded: bool) -> Path:
    of_machine = shutil.which("psql")
    if is_embedded or of_machine is None:
        return wheel_programs() / "psql"
    return Path(of_machine)


def _secrets(url: sqlalchemy.URL) -> dict[str, str]:
    """Hand the password over in the environment: everyone on a machine can read a process's arguments."""
    return {"PGPASSWORD": url.password} if url.password else {}


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Become psql; return an exit status only when that was not possible."""
    try:
        connection_uri = environ.get("AIRFLOW_CONN_CRM_WAREHOUSE")
        command, secrets = psql_command(connection_uri, Settings.from_environment(environ))
        os.execve(command[0], [*command, *arguments], {**environ, **secrets})  # noqa: S606 - no shell is wanted
    except SyncError as error:
        sys.stderr.write(f"{error.summary}\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:], os.environ))
