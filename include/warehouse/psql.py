"""A prompt on the warehouse: `python -m include.warehouse.psql [arguments of psql]`, also `make psql`."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from include.errors import SyncError
from include.settings import Settings
from include.warehouse.client_programs import address_arguments, client_program, secrets_of
from include.warehouse.engine import warehouse_url


def psql_command(connection_uri: str | None, settings: Settings) -> tuple[list[str], dict[str, str]]:
    """Return the command and the environment it needs besides ours; the embedded server is started if it is used."""
    url = warehouse_url(connection_uri, settings)
    program = client_program("psql", is_embedded=not connection_uri)
    return [str(program), *address_arguments(url)], secrets_of(url)


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
