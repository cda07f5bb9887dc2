"""Telling people of failed tasks: once for a while, and not at all where a later task has more to say.

A newcomer would attach the notifier to each DAG: it is in the default arguments of all of them. What is sent is ours:
the sentence of an error of ours, or that something unexpected ended the task. The text of other people's exceptions
stays in the log, for it may quote values.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from airflow.sdk import BaseNotifier
from airflow.sdk.configuration import conf

from include.errors import SyncError
from include.notices.notice import Notice
from include.orchestration.failures import SaidError, SaidFailure

if TYPE_CHECKING:
    from airflow.sdk.definitions.context import Context

log = logging.getLogger(__name__)

VERDICT = "verdict"


class FailureNotifier(BaseNotifier):
    """Tells of a failed task; in the default arguments of every DAG."""

    def notify(self, context: Context) -> None:
        """Send what the task said, unless the run's verdict tells of it with everything else that failed."""
        if not _has_verdict(context):
            tell_news(_notices(context))


class LateRunNotifier(BaseNotifier):
    """Tells of a run that is not over in time; what a deadline calls, on a worker, some of the context given."""

    def notify(self, context: Context) -> None:
        """Send it, each run once."""
        run: Any = context["dag_run"]
        since = str(run["queued_at"] or run["run_after"])[:16].replace("T", " ")
        sentence = (
            f"The run of {run['dag_id']} queued at {since} UTC is not over in the time it is given: see in the UI "
            "which of its tasks waits or hangs."
        )
        tell_news(
            [
                Notice(
                    subject=f"late:{run['dag_id']}:{run['dag_run_id']}",
                    sentence=sentence,
                    link=_run_link(run),
                )
            ]
        )


def _run_link(run: Mapping[str, Any]) -> str:
    base = conf.get("api", "base_url", fallback="http://localhost:8080/")
    return f"{base.rstrip('/')}/dags/{run['dag_id']}/runs/{quote(run['dag_run_id'])}"


def _has_verdict(context: Context) -> bool:
    """Whether a later task runs whatever happens, fails too, and says the reasons of the whole run at once."""
    task: Any = context["task"]
    return any(later.task_id == VERDICT for later in task.get_flat_relatives(upstream=False))


def _notices(context: Context) -> list[Notice]:
    ti: Any = context["ti"]
    error = context.get("exception")
    of_task = Notice(
        subject=ti.dag_id,
        sentence=_sentence(ti.task_id, error),
        channel_code=channel_in(str(error)) if isinstance(error, SaidError | SaidFailure) else None,
        link=getattr(ti, "log_url", None),
    )
    said = error.notices if isinstance(error, SaidFailure) else ()
    return [replace(one, link=one.link or of_task.link) for one in said] or [of_task]


def _sentence(task_id: str, error: object) -> str:
    if isinstance(error, SaidError | SaidFailure):
        return str(error)
    if isinstance(error, BaseException):
        return f"The task {task_id} ended with an unexpected {type(error).__name__}: read its log, then clear it."
    return f"The task {task_id} was killed or lost its machine: read its log, then clear it."


def channel_in(sentence: str) -> str | None:
    """The channel that a sentence begins with, as those of a run with several channels do."""
    found = re.match(r"Channel ([a-z][a-z0-9_]*)\b", sentence)
    return found[1] if found else None


def tell(notices: Sequence[Notice]) -> None:
    """Send notices that are news by nature, such as that a trouble is over."""
    from include.orchestration.notify_targets import send, targets

    if notices:
        send(targets(), notices)


def tell_news(notices: Sequence[Notice]) -> None:
    """Send those of the notices that were not told lately."""
    from include.orchestration.notify_targets import send, targets

    if notices and (known := targets()):
        send(known, _news(notices))


def _news(notices: Sequence[Notice]) -> list[Notice]:
    """Without a warehouse to remember it in, everything is news."""
    from sqlalchemy.exc import SQLAlchemyError

    from include.notices.memory import news
    from include.orchestration import resources

    try:
        with resources.open_warehouse() as engine, engine.begin() as connection:
            return news(connection, notices, datetime.now(UTC))
    except (SyncError, SQLAlchemyError) as error:
        log.warning("notices: the warehouse cannot say what was told already (%s)", type(error).__name__)
        return list(notices)
