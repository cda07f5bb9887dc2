"""Backup and restore of the warehouse: `make backup`, `make restore FROM=folder`.

    python -m include.warehouse.backup save [folder]
    python -m include.warehouse.backup restore <folder> [--replace]

PostgreSQL's own pg_dump and pg_restore do the work: one consistent moment, while everything goes on. A newcomer would
keep the dump alone; without the secret that guests' keys are made with, the next run refuses to work on it. The key
file is therefore part of the backup, which makes the folder as private as the warehouse itself. Not in it: Airflow's
own database, staged files (they are read again), files that were delivered.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from include.errors import ConfigError, SyncError
from include.identity.guest_keys import KEY_FILE, PURPOSE, GuestKeys
from include.private_storage import make_private_folder, open_private
from include.settings import Settings
from include.warehouse.client_programs import address_arguments, client_program, secrets_of
from include.warehouse.engine import open_engine, warehouse_url
from include.warehouse.migrate import ACTS_AS_OWNER, CONNECTION_VARIABLE, OWNER, configuration
from include.warehouse.schema import SCHEMAS

DUMP = "warehouse.dump"
MANIFEST = "backup.json"
_FACTS = text("""
select
    (select version_num from ops.alembic_version) as revision,
    (select fingerprint from ops.identity_keys where purpose = :purpose) as identity_fingerprint,
    (select system_identifier::text from pg_control_system()) as server_id,
    current_setting('server_version') as server_version
""")


def save(url: sqlalchemy.URL, settings: Settings, folder: Path, *, now: datetime, is_embedded: bool) -> None:
    """Dump the warehouse into a new folder, with the key of its guests.

    Raises:
        ConfigError: the folder is in use, the key is not the warehouse's, or pg_dump cannot do it.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError(f"The folder {folder} holds something already: name a new one with TO=.")
    with _connected(url) as connection:
        facts = dict(connection.execute(_FACTS, {"purpose": PURPOSE}).one()._mapping)
    secret = _secret_to_keep(settings, facts["identity_fingerprint"])
    make_private_folder(folder)
    open_private(folder / DUMP).close()  # pg_dump would make it for everyone's eyes
    # Owners and rights stay out: another server knows other logins, and sql/roles.sql gives both anew.
    options = ["--format=custom", "--no-owner", "--no-privileges", "--exclude-table=staging.*"]
    schemas = [f"--schema={schema}" for schema in SCHEMAS]
    _run("pg_dump", url, [*options, *schemas, f"--file={folder / DUMP}"], is_embedded=is_embedded)
    if secret is not None:
        with open_private(folder / KEY_FILE) as file:
            file.write(secret)
    # Last: a folder without it is a backup that was broken off.
    with open_private(folder / MANIFEST) as file:
        file.write(json.dumps(facts | {"made_at": now.isoformat()}, indent=2).encode())


def restore(
    url: sqlalchemy.URL, settings: Settings, folder: Path, *, is_embedded: bool, replace: bool = False
) -> None:
    """Fill the warehouse from a backup, in one transaction; the key of its guests is put in place where none is.

    Args:
        url: of a database without a warehouse in it, unless `replace`.
        settings: where the key belongs.
        folder: what `save` made.
        is_embedded: whether it is the embedded server.
        replace: whether what is in the warehouse may be dropped.

    Raises:
        ConfigError: something does not fit together, and nothing was changed; or pg_restore failed, and the database
            is empty.
    """
    manifest = _manifest(folder)
    secret = _secret_to_put_back(settings, folder, manifest["identity_fingerprint"])
    with _connected(url) as connection:
        if not replace and _is_in_use(connection):
            raise ConfigError(
                "The database holds a warehouse already: restore into an empty one, or drop what is there with "
                "REPLACE=1."
            )
        as_owner = connection.execute(text(ACTS_AS_OWNER), {"owner": OWNER}).scalar_one()
        _drop_schemas(connection, as_owner=as_owner)
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    role = [f"--role={OWNER}"] if as_owner else []
    _run("pg_restore", url, [*options, *role, str(folder / DUMP)], is_embedded=is_embedded)
    with _connected(url) as connection:
        _settle(connection, manifest["server_id"])
    if secret is not None:
        make_private_folder(settings.data_dir)
        with open_private(settings.data_dir / KEY_FILE) as file:
            file.write(secret)


@contextmanager
def _connected(url: sqlalchemy.URL) -> Iterator[Connection]:
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _run(program: str, url: sqlalchemy.URL, options: Sequence[str], *, is_embedded: bool) -> None:
    path = client_program(program, is_embedded=is_embedded)
    done = subprocess.run(
        [path, *address_arguments(url), *options],
        env={**os.environ, **secrets_of(url)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        # The first line says what is wrong; further ones quote the statement, and with it what is in the tables.
        first = next(iter(done.stderr.splitlines()), "it said nothing")
        remedy = "see that the login owns the tables and that the program is not older than the server"
        raise ConfigError(f"{path} failed: {remedy}, then try again.", details=first)


def _secret_to_keep(settings: Settings, fingerprint: str | None) -> bytes | None:
    """What is in the key file; None where the secret is in CRM_IDENTITY_KEY, or no guest was ever keyed."""
    if fingerprint is None:
        return None
    secret = _secret_of(settings)
    if secret is None or not _fits(secret, fingerprint):
        raise ConfigError(
            "The warehouse's guests were keyed with another secret than this installation has: put the right "
            f"{KEY_FILE} into {settings.data_dir}, or set CRM_IDENTITY_KEY; a backup without it could not be worked on."
        )
    return None if settings.identity_key else secret


def _secret_to_put_back(settings: Settings, folder: Path, fingerprint: str | None) -> bytes | None:
    """The backup's key file; None where the installation has the right secret, or none is needed."""
    here, kept = _secret_of(settings), folder / KEY_FILE
    if fingerprint is None or (here is not None and _fits(here, fingerprint)):
        return None
    if here is not None:
        raise ConfigError(
            f"This installation has another secret than the backup's guests were keyed with: take "
            f"{settings.data_dir / KEY_FILE} away, or set CRM_IDENTITY_KEY to the right one, then restore again."
        )
    if not kept.exists():
        raise ConfigError(
            "The backup holds no key file, since the secret was in CRM_IDENTITY_KEY: set it as it was, then restore "
            "again."
        )
    return kept.read_bytes()


def _secret_of(settings: Settings) -> bytes | None:
    """As the runs find it, but none is made where there is none."""
    if settings.identity_key:
        return settings.identity_key.encode()
    kept = settings.data_dir / KEY_FILE
    return kept.read_bytes().strip() if kept.exists() else None


def _fits(secret: bytes, fingerprint: str) -> bool:
    return GuestKeys(secret).fingerprint() == fingerprint


def _manifest(folder: Path) -> Mapping[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise ConfigError(f"{folder} is no finished backup: name a folder that `make backup` made.") from None
    try:
        ScriptDirectory.from_config(configuration()).get_revision(manifest["revision"])
    except CommandError:
        raise ConfigError(
            "The backup was made by a newer version of the project: deploy that version, then restore again."
        ) from None
    return manifest


def _is_in_use(connection: Connection) -> bool:
    found = sqlalchemy.inspect(connection)
    return any(found.get_table_names(schema=schema) for schema in SCHEMAS)


def _drop_schemas(connection: Connection, *, as_owner: bool) -> None:
    if as_owner:
        connection.execute(text(f"set local role {OWNER}"))
    for schema in SCHEMAS:
        connection.execute(text(f'drop schema if exists "{schema}" cascade'))


def _settle(connection: Connection, server_id: str) -> None:
    """On another server its transactions are counted anew, so what was touched there says nothing here.

    Reports and segments see that for themselves and compute everything at their next refresh.
    """
    facts = connection.execute(_FACTS, {"purpose": PURPOSE}).one()
    if facts.server_id != server_id:
        connection.execute(text("delete from ops.touched"))
    connection.execute(text("analyze"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry of the command line."""
    parser = argparse.ArgumentParser(prog="python -m include.warehouse.backup", description=__doc__)
    parser.add_argument("work", choices=("save", "restore"))
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--replace", action="store_true", help="drop what is in the warehouse first")
    chosen = parser.parse_args(arguments)
    try:
        answer = _carry_out(chosen, Settings.from_environment(), os.environ.get(CONNECTION_VARIABLE))
    except SyncError as error:
        sys.stderr.write("\n".join(filter(None, [error.summary, error.details])) + "\n")
        return 1
    sys.stdout.write(f"{answer}\n")
    return 0


def _carry_out(chosen: argparse.Namespace, settings: Settings, connection_uri: str | None) -> str:
    now, is_embedded = datetime.now(UTC), not connection_uri
    if chosen.work == "save":
        folder = (chosen.folder or settings.data_dir / "backups" / f"{now:%Y%m%d-%H%M%S}").absolute()
        url = warehouse_url(connection_uri, settings)
        save(url, settings, folder, now=now, is_embedded=is_embedded)
        return f"Saved in {folder}: keep it as private as the warehouse."
    if chosen.folder is None:
        raise ConfigError("Which backup is to be restored? Name its folder with FROM=.")
    url = warehouse_url(connection_uri, settings)
    restore(url, settings, chosen.folder.absolute(), is_embedded=is_embedded, replace=chosen.replace)
    return "Restored. On a server with roles run sql/roles.sql again; then `make migrate`."


if __name__ == "__main__":
    sys.exit(main())
