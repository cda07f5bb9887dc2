"""The one place that turns our errors into Airflow's: what may pass is retried, what needs a person is not."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from airflow.sdk.exceptions import AirflowException, AirflowFailException

from include.errors import SyncError, TransientError

log = logging.getLogger(__name__)

said: list[str] = []
"""Sentences of this process's failed tasks, for a run without scheduler, which ends with telling them."""


@contextmanager
def spoken() -> Iterator[None]:
    """Fail the task with one sentence instead of a page of traceback."""
    try:
        yield
    except SyncError as error:
        said.append(error.summary)
        if error.details:
            log.error("details: %s", error.details)
        if isinstance(error, TransientError):
            raise AirflowException(error.summary) from None
        raise AirflowFailException(error.summary) from None
