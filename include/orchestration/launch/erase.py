"""`make erase`: ask for an e-mail at the terminal and erase its person; `make token` only prints what the form takes.

The e-mail stays in this process: it is read from the terminal or standard input, never an argument, which other users
and the shell's history would see, and what goes on to Airflow is its keyed hash.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TextIO

from sqlalchemy import Connection, Engine, text

from include.delivery.whereabouts import delivered_files
from include.errors import ConfigError, SyncError
from include.identity.guest_keys import assure_same_secret, guest_keys
from include.identity.normalisation import normalise_email
from include.orchestration.launch.console import quiet
from include.orchestration.launch.environment import local_settings, prepare_environment
from include.orchestration.launch.run import chain, folder_of, run_dag, told
from include.orchestration.launch.warehouse import migrate_warehouse, open_local_warehouse
from include.privacy.exports import delete_exports_of_erased
from include.settings import PROJECT_ROOT, Settings

DAG = "maintain_erase_person"

_OUTCOME = "select erasure_id, outcome_json, exports_json from ops.erasures where email_hash = :token"


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry of the command line; 0 when the person is erased, or the token printed."""
    parser = argparse.ArgumentParser(prog="make erase", description=__doc__)
    parser.add_argument("--token", action="store_true", help=f"only print what the form of {DAG} takes")
    chosen = parser.parse_args(arguments)
    try:
        settings = local_settings()
        token = _token(settings, asked(sys.stdin))
        if chosen.token:
            print(token)
            return 0
        return _erase(settings, token)
    except SyncError as error:
        print(f"make erase: {error.summary}", file=sys.stderr)
        return 1


def _token(settings: Settings, email: str) -> str:
    """The keyed hash of an e-mail; made with another secret than the warehouse's it would stand for nobody."""
    keys = guest_keys(settings)
    migrate_warehouse(settings)
    with open_local_warehouse(settings) as engine, engine.begin() as connection:
        assure_same_secret(connection, keys)
    return keys.email_hash(email)


def asked(source: TextIO, *, is_twice: bool = True) -> str:
    """The normalised e-mail that a person types; at a terminal twice, where there is no way back.

    Raises:
        ConfigError: it is no e-mail, or another one the second time.
    """
    email = _typed(source, "E-mail of the person: ")
    if email is None or "@" not in email:
        raise ConfigError("That is no e-mail: run it again and type one with an @.")
    if is_twice and source.isatty() and _typed(source, "The same again: there is no way back: ") != email:
        raise ConfigError("The two e-mails differ, so nobody was erased: run it again.")
    return email


def _typed(source: TextIO, question: str) -> str | None:
    if source.isatty():
        print(question, end="", file=sys.stderr, flush=True)
    return normalise_email(source.readline())


def _erase(settings: Settings, token: str) -> int:
    with quiet(settings.data_dir / "logs" / "erase.log") as screen:
        os.environ["CRM_TASK_RETRIES"] = "0"  # whoever started this decides on another try
        os.environ["CRM_NOBODY_ANSWERS"] = "1"  # what needs a yes fails and says so
        prepare_environment(settings)
        from include.orchestration.privacy import CONFIRMATION, PERSON

        step = run_dag(_dag(), dict.fromkeys((PERSON, CONFIRMATION), token))
        if not step.is_success:
            screen.writelines(f"make erase: {sentence}\n" for sentence in step.sentences)
            screen.write(f"The whole log is {settings.data_dir / 'logs' / 'erase.log'}.\n")
            return 1
        with open_local_warehouse(settings) as engine:
            with engine.connect() as connection:
                delivered = _tell(connection, token, screen)
            return int(bool(delivered) and not _replace_files(engine, delivered, screen))


def _dag() -> Any:
    from airflow.dag_processing.dagbag import DagBag

    path = PROJECT_ROOT / "dags" / "maintain" / f"{DAG}.py"
    return DagBag(dag_folder=str(path)).dags[DAG]


def _replace_files(engine: Engine, segments: Sequence[str], screen: TextIO) -> bool:
    """Write the files of these segments anew and delete those that held erased people; whether all were written."""
    from include.orchestration.resources import export_root

    delivery = [dag for dag in chain(None) if folder_of(dag) == "segment"]
    asked_for = [(dag, {"segment": name}) for dag in delivery for name in segments]
    steps = [told(run_dag(dag, answers), screen, set()) for dag, answers in asked_for]
    deleted = delete_exports_of_erased(engine, export_root(), datetime.now(UTC))
    screen.write(f"Deleted here: {deleted} of the files that held erased people.\n")
    return all(step.is_success for step in steps)


def _tell(connection: Connection, token: str, screen: TextIO) -> list[str]:
    """What was done, in a few lines; the segments whose files held the person."""
    row = connection.execute(text(_OUTCOME), {"token": token}).one()
    counts = ", ".join(f"{table} {count}" for table, count in (row.outcome_json or {}).items())
    screen.write(f"Erased as number {row.erasure_id} of ops.erasures. Rows: {counts or 'none'}.\n")
    screen.writelines(
        f"Held the person: {export['file_name']}, sha256 {export['sha256']}\n"
        for export in row.exports_json or []
    )
    held = [export["file_name"] for export in row.exports_json or []]
    screen.writelines(
        f"Delivered to {destination}: {name}; ask who has it to delete it.\n"
        for destination, name in delivered_files(connection, held)
    )
    screen.write("What the store still sends of the person loads without it; erase it in the store too.\n")
    return sorted({export["segment_name"] for export in row.exports_json or []})


if __name__ == "__main__":
    sys.exit(main())
