"""Asking a person whether a segment of an unexpected size may go, as Airflow's human-in-the-loop does it.

The question waits in a DAG of its own: waiting takes hours, and every other segment's files would wait with it.
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Param, get_current_context, task, task_group
from airflow.sdk.exceptions import AirflowSkipException

from include.errors import ConfigError
from include.orchestration import resources
from include.orchestration.failures import SaidFailure, spoken
from include.orchestration.notify import tell_news
from include.orchestration.segment import export_and_send, working_on

if TYPE_CHECKING:
    from airflow.sdk.definitions.context import Context

    from include.approvals.questions import Held

log = logging.getLogger(__name__)

ANSWER_WITHIN = timedelta(hours=12)


def approval_params() -> dict[str, Param]:
    """The form; left alone, every segment that is held back is asked about."""
    return {
        "segment": Param(
            None,
            type=["null", "string"],
            title="Segment",
            description="Name of one segment that is held back; empty: all that are.",
        )
    }


class AskWhetherToSend(ApprovalOperator):
    """One question: the segment, its size and what was expected. No answer in time means that it is not sent.

    Args:
        question: a `Held` as a dictionary.
    """

    template_fields = ("question", *ApprovalOperator.template_fields)

    def __init__(self, *, question: Any, **arguments: Any) -> None:
        super().__init__(subject="May the segment be sent?", response_timeout=ANSWER_WITHIN, **arguments)
        self.question = question

    def execute(self, context: Context) -> Any:
        """Put the question and wait."""
        held = self._held()
        name, sizes = held.segment_name, ", ".join(size.sentence for size in held.sizes)
        context["segment_name"] = name  # type: ignore[typeddict-unknown-key]
        self.subject = f"May segment {name} be sent? It has {sizes}."
        self.body = (
            f"**Approve** sends the files of `{name}`, for a week and as long as no size goes further away from what "
            "is expected. **Reject** holds them back, until sizes are as expected, go further away, the segment is "
            "changed or a week is over. What its size was before is in `marketing.segment_sizes`, that of its files in "
            "`marketing.exports`."
        )
        return super().execute(context)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:
        """Keep the answer; what comes next is skipped after a Reject."""
        from include.approvals.tables import APPROVED, REJECTED

        context["segment_name"] = self.question["segment_name"]  # type: ignore[typeddict-unknown-key]
        if "error" in event:
            return self.process_trigger_event_error(event)
        user = event.get("responded_by_user") or {}
        is_approved = event["chosen_options"] == [self.APPROVE]
        self._keep(APPROVED if is_approved else REJECTED, by=user.get("name") or user.get("id"))
        return super().execute_complete(context, event)

    def process_trigger_event_error(self, event: dict[str, Any]) -> None:
        """Nobody answered, which is no yes."""
        from include.approvals.tables import UNANSWERED

        self._keep(UNANSWERED, by=None)
        raise SaidFailure(
            f"Segment {self.question['segment_name']} was held back for its size and nobody answered in time, so it "
            "was not sent: answer the next question under Required Actions, or mend the query or what is expected."
        )

    def _keep(self, decision: str, *, by: str | None) -> None:
        from include.approvals.questions import decide

        held = self._held()
        with spoken(), resources.open_warehouse() as engine, engine.begin() as connection:
            decide(connection, held, decision, by=by, now=datetime.now(UTC))
        log.info("approval segment=%s size=%s decision=%s", held.segment_name, held.sizes[0].count, decision)

    def _held(self) -> Held:
        from include.approvals.questions import Held

        return Held.of(self.question)


@task
def list_questions() -> list[dict[str, Any]]:
    """The segments that are held back and wait for an answer; people are told of them."""
    from include.approvals.questions import waiting
    from include.notices.notice import Notice

    asked = get_current_context()["params"].get("segment")
    with spoken(), resources.open_warehouse() as engine, engine.connect() as connection:
        found = [held for held in waiting(connection) if asked in (None, held.segment_name)]
        if asked and not found:
            raise ConfigError(f"Segment {asked} is not held back: leave Segment empty to see which are.")
    tell_news([Notice(subject=f"held:{held.segment_name}", sentence=_sentence(held)) for held in found])
    return [asdict(held) for held in found]


def _sentence(held: Held) -> str:
    sizes = ", ".join(size.sentence for size in held.sizes)
    return (
        f"Segment {held.segment_name} has {sizes}, so it is held back: approve or reject it in Airflow under Required "
        "Actions."
    )


@task(map_index_template="{{ segment_name }}")
def send_approved(question: dict[str, Any]) -> None:
    """Write the files and send them; those of a segment that went further away meanwhile are held back again."""
    with working_on(question["segment_name"]) as (engine, wanted):
        export_and_send(engine, wanted, can_ask=True)


@task_group
def ask_and_send(question: Any) -> None:
    """One segment that is held back: the question, and what the answer asks for."""
    asked = AskWhetherToSend(
        task_id="check_with_a_person",
        question=question,
        retries=0,
        map_index_template="{{ segment_name }}",
    )
    asked >> send_approved(question)


@task(trigger_rule="all_done")
def publish_questions() -> None:
    """Have people asked about what is held back; skipped when nothing is."""
    from include.approvals.questions import waiting

    with spoken(), resources.open_warehouse() as engine, engine.connect() as connection:
        held = waiting(connection)
    if not held:
        raise AirflowSkipException("Nothing is held back.")
    log.info("approval questions=%s", ",".join(one.segment_name for one in held))
