"""Opt-out files as an Airflow task: what was dropped is taken in, what is wrong turns the run red."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import Param, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from include.errors import DataError
from include.orchestration import resources
from include.orchestration.failures import spoken
from include.orchestration.readers import Changed
from include.settings import Settings

log = logging.getLogger(__name__)


def suppression_params() -> dict[str, Param]:
    """The form; left alone, files that may still be uploaded wait."""
    return {
        "at_once": Param(
            False,
            type="boolean",
            title="At once",
            description="Also take in files that were written to within the last minute: all uploads are over.",
        )
    }


class Taken(Changed):
    """What was taken in, and why files were not."""

    refused: list[str]


@task
def take_opt_out_files() -> Taken:
    """Take in the files that were dropped since the last run; the rows are opt-outs that were not known."""
    from include.suppressions.intake import Intake

    settings = Settings.from_environment()
    with spoken(), resources.open_warehouse() as engine:
        intake = Intake(
            engine=engine,
            keys=resources.identity(engine),
            root=resources.suppressions_root(),
            keeps_files=settings.keeps_opt_out_files,
        )
        codes = [channel.code for channel in resources.channels().channels]
        is_at_once = bool(get_current_context()["params"].get("at_once"))
        taken = intake.take_all(codes, datetime.now(UTC), is_at_once=is_at_once)
        for file in taken:
            log.info("opt_outs file=%s opt_outs=%s new=%s", file.name, file.address_count, file.new_count)
    refused = [f"Opt-out file {file.name}: {file.refusal}" for file in taken if file.refusal]
    return Taken(rows=sum(file.new_count for file in taken), refused=refused)


@task
def tell_stores() -> int:
    """Ask the stores that take opt-outs to unsubscribe whoever has left; how many entries were asked for."""
    from include.suppressions.telling import tell_stores as tell

    with spoken(), resources.open_warehouse() as engine:
        active = [channel for channel in resources.channels().channels if channel.active]
        asked = tell(engine, resources.identity(engine), active, now=datetime.now(UTC))
    log.info("opt_outs told=%s", asked)
    if not asked:
        raise AirflowSkipException("No store is to be told of anything.")
    return asked


@task(retries=0)
def check_opt_out_files(taken: Any) -> None:
    """Keep the run red when a file was set aside: somebody meant it to count."""
    if taken["refused"]:
        with spoken():
            raise DataError(
                f"{' '.join(taken['refused'])} Everything else was taken in; mend these, below "
                f"{Settings.from_environment().suppressions_url}, and drop them again."
            )
