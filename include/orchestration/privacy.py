"""Erasing a person as Airflow tasks. Nothing that says who it is passes through Airflow: no e-mail, no name.

Whatever a form is given is shown to everybody who may see the DAG, and stays in Airflow's database with the run; so the
form takes a key or a keyed hash, and a run with an @ in it is refused before it exists. The audit log keeps the request
even so, since Airflow writes it down before it looks at the form, but it hides the values of fields called tokens.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import Param, get_current_context, task
from sqlalchemy import text

from include.errors import ConfigError
from include.orchestration import resources
from include.orchestration.failures import spoken
from include.orchestration.readers import Changed

log = logging.getLogger(__name__)

PERSON, CONFIRMATION = "person_token", "confirmation_token"
_FILES_DONE = "update ops.erasures set files_rewritten_at = :now where files_rewritten_at is null"


class Erased(Changed):
    """What the tasks tell each other: numbers."""

    erasure_id: int


def erase_params() -> dict[str, Param]:
    """The form: whom, twice, since there is no way back."""
    no_address: dict[str, Any] = {"type": ["null", "string"], "pattern": r"^[^@\s]*$"}
    return {
        PERSON: Param(
            None,
            title="Person",
            description="Key of the customer (customer_key in crm.customers, such as us:1042), or what `make erase` or "
            "`make token` prints for an e-mail. Never the e-mail itself: this form is kept.",
            **no_address,
        ),
        CONFIRMATION: Param(
            None, title="Confirmation", description="The same again: there is no way back.", **no_address
        ),
    }


def _named() -> str:
    """Whom the form names.

    Raises:
        ConfigError: nobody, or not the same twice.
    """
    params = get_current_context()["params"]
    person, confirmation = params.get(PERSON), params.get(CONFIRMATION)
    if not person:
        raise ConfigError(
            "Nobody is named: trigger the DAG with the form, and fill in Person and Confirmation."
        )
    if person != confirmation:
        raise ConfigError("Person and Confirmation differ, so nobody was erased: fill in the same twice.")
    return str(person)


@task
def erase() -> Erased:
    """Forget the person in every table, in one transaction; running it again is safe."""
    from include.privacy.erase import erase_person

    with spoken(), resources.open_warehouse() as engine:
        shared = {email for channel in resources.channels().channels for email in channel.shared_guest_emails}
        erasure = erase_person(engine, resources.identity(engine), _named(), shared=shared)
    counts = " ".join(f"{table}={count}" for table, count in erasure.rows.items())
    log.info("erase erasure=%s exports=%s %s", erasure.erasure_id, len(erasure.exports), counts)
    if not erasure.rows:
        log.warning(
            "erase erasure=%s: nothing of this person was found now; what comes later loads without",
            erasure.erasure_id,
        )
    for export in erasure.exports:
        log.info("erase held by export=%s at=%s", export["file_name"], export["exported_at"])
    return Erased(erasure_id=erasure.erasure_id, rows=sum(erasure.rows.values()))


@task
def forget_in_files(erased: Any) -> int:
    """Forget the person in raw copies and staged parts, and delete old segment files that held the person."""
    from include.privacy.exports import delete_exports_of_erased
    from include.privacy.kept_files import forget_in_files as forget

    now = datetime.now(UTC)
    with spoken(), resources.open_warehouse() as engine:
        replaced = forget(engine, resources.staging_root(), resources.identity(engine))
        deleted = delete_exports_of_erased(engine, resources.export_root(), now)
        with engine.begin() as connection:
            connection.execute(text(_FILES_DONE), {"now": now})
    log.info("erase erasure=%s files=%s exports_deleted=%s", erased["erasure_id"], replaced, deleted)
    return replaced
