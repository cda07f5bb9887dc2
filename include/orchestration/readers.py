"""The last task of a DAG that changes rows of several entities: those who feed on them are told, if any changed."""

from __future__ import annotations

from typing import Any, TypedDict

from airflow.sdk import task
from airflow.sdk.exceptions import AirflowSkipException


class Changed(TypedDict):
    """What a task tells `tell_readers`: how many rows are not as they were."""

    rows: int


@task
def tell_readers(changed: Any) -> None:
    """Reports and segments follow at once; skipped when nothing changed.

    Args:
        changed: a `Changed`, from the task that changed the rows.
    """
    if not changed["rows"]:
        raise AirflowSkipException("No row changed.")
