"""The one place that turns our errors into Airflow's: what may pass is retried, what needs a person is not."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from airflow.sdk.exceptions import AirflowException, AirflowFailException
from sqlalchemy import exc

from include.errors import ConfigError, SyncError, TransientError

if TYPE_CHECKING:
    import psycopg

    from include.notices.notice import Notice

log = logging.getLogger(__name__)

said: list[str] = []
"""Sentences of this process's failed tasks, for a run without scheduler, which ends with telling them."""

noticed: list[str] = []
"""What else this process's tasks want a person to know, for the same reader: what is skipped, what would change."""


class SaidError(AirflowException):
    """What failed in words of ours, which may leave the house; retried as the task says."""


class SaidFailure(AirflowFailException):
    """What failed in words of ours, which may leave the house; never retried.

    Args:
        sentence: what is wrong and what to do.
        notices: what people are to be told in place of the sentence, channel by channel.
    """

    def __init__(self, sentence: str, notices: Sequence[Notice] = ()) -> None:
        super().__init__(sentence)
        self.notices = tuple(notices)


@contextmanager
def spoken() -> Iterator[None]:
    """Fail the task with one sentence instead of a page of traceback."""
    try:
        yield
    except SyncError as error:
        fail([error])
    except _warehouse_errors() as error:
        # Its text quotes the statement and the values, and with them personal data.
        fail([_of_warehouse(error)])


@contextmanager
def naming(code: str) -> Iterator[None]:
    """Errors tell of their channel: with several stores, "the store" is not enough."""
    try:
        yield
    except SyncError as error:
        if f"hannel {code}" in error.summary:
            raise
        raise type(error)(f"Channel {code}: {error.summary}", details=error.details) from None


def as_sentence(error: Exception, subject: str) -> SyncError:
    """Any exception as one of ours, for whoever goes on with the rest; what nobody foresaw is logged whole.

    Args:
        error: what was raised.
        subject: what it is about, such as a channel.
    """
    if isinstance(error, SyncError):
        return error
    if isinstance(error, _warehouse_errors()):
        known = _of_warehouse(error)
        return type(known)(f"{subject}: {known.summary}", details=known.details)
    log.error("%s", subject, exc_info=error)
    return TransientError(f"{subject}: unexpected {type(error).__name__}; the task's log says where.")


def fail(errors: Sequence[SyncError]) -> NoReturn:
    """Fail the task with the sentences of these errors; while one of them may pass, it is tried again.

    Raises:
        SaidError: retried as the task says.
        SaidFailure: never retried.
    """
    note(errors)
    sentence = " ".join(dict.fromkeys(error.summary for error in errors))
    if any(isinstance(error, TransientError) for error in errors):
        raise SaidError(sentence) from None
    raise SaidFailure(sentence) from None


def note(errors: Sequence[SyncError]) -> None:
    """Keep the sentences for the end of the run, and the details for engineers."""
    for error in errors:
        said.append(error.summary)
        if error.details:
            log.error("details: %s", error.details)


def _warehouse_errors() -> tuple[type[exc.DBAPIError], type[psycopg.Error]]:
    """What a server and its driver raise; the driver is looked for when something was raised, not by DAG files."""
    import psycopg

    return exc.DBAPIError, psycopg.Error


def _of_warehouse(error: exc.DBAPIError | psycopg.Error) -> SyncError:
    import psycopg

    driver = error.orig if isinstance(error, exc.DBAPIError) else error
    code = getattr(driver, "sqlstate", None)
    details = f"{type(driver).__name__}, SQLSTATE {code or 'none'}"
    if isinstance(driver, psycopg.errors.DiskFull):
        return TransientError(
            "The warehouse's disk is full: free space there, then run again.", details=details
        )
    if isinstance(driver, psycopg.errors.InsufficientPrivilege):
        sentence = (
            "The warehouse's user lacks a right: give it the role crm_loader (sql/roles.sql), then run again."
        )
        return ConfigError(sentence, details=details)
    if code is None or code.startswith(("08", "53", "57")):
        sentence = "The warehouse broke off in the middle of the work: see that it runs, then run again."
        return TransientError(sentence, details=details)
    sentence = (
        f"The warehouse refused a statement ({details}): run again, and report these codes if it stays so."
    )
    return TransientError(sentence)
