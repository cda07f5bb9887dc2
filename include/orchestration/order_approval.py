"""Asking a person whether a cart may become an order, as Airflow's human-in-the-loop does it.

The question waits in a DAG of its own, since every other change of the store would wait with it. What a newcomer would
get wrong: no answer is neither yes nor no here. The entry goes on waiting in the outbox, where it can be decided too.
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Param, get_current_context, task, task_group
from airflow.sdk.exceptions import AirflowSkipException

from include.orchestration import resources
from include.orchestration.failures import SaidFailure, spoken
from include.orchestration.notify import tell_news

if TYPE_CHECKING:
    from airflow.sdk.definitions.context import Context

log = logging.getLogger(__name__)

ANSWER_WITHIN = timedelta(hours=1)


def order_approval_params() -> dict[str, Param]:
    """The form; left alone, every cart that waits is asked about."""
    return {
        "cart": Param(
            None,
            type=["null", "string"],
            title="Cart",
            description="Key of one cart that waits for a yes; empty: all that do.",
        )
    }


class AskWhetherToOrder(ApprovalOperator):
    """One question: the cart in words, with its totals.

    Args:
        question: an `OrderQuestion` as a dictionary.
    """

    template_fields = ("question", *ApprovalOperator.template_fields)

    def __init__(self, *, question: Any, **arguments: Any) -> None:
        super().__init__(subject="May the cart be ordered?", response_timeout=ANSWER_WITHIN, **arguments)
        self.question = question

    def execute(self, context: Context) -> Any:
        """Put the question and wait."""
        context["cart_key"] = self.question["cart_key"]  # type: ignore[typeddict-unknown-key]
        self.subject = f"May cart {self.question['cart_key']} be ordered?"
        self.body = (
            f"{self.question['words']}\n\n**Approve** places the order, as long as the cart comes to the same sum "
            "then. **Reject** drops the request; the cart keeps what is told here, its methods too."
        )
        return super().execute(context)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:
        """Decide the entry; what comes next is skipped after a Reject."""
        context["cart_key"] = self.question["cart_key"]  # type: ignore[typeddict-unknown-key]
        if "error" in event:
            return self.process_trigger_event_error(event)
        is_approved = event["chosen_options"] == [self.APPROVE]
        self._decide("crm" if is_approved else "drop", event.get("responded_by_user"))
        return super().execute_complete(context, event)

    def process_trigger_event_error(self, event: dict[str, Any]) -> None:
        """Nobody answered: the entry waits on."""
        raise SaidFailure(
            f"Nobody answered in time whether cart {self.question['cart_key']} may be ordered, so it waits on: start "
            "this again to ask again, or decide it in write_back_decide."
        )

    def _decide(self, decision: str, user: Any) -> None:
        from include.write_back.requests import decide_change

        with spoken(), resources.open_warehouse() as engine, engine.begin() as connection:
            decide_change(
                connection,
                self.question["outbox_id"],
                decision,
                decided_by=user["name"] if user else None,
                shown_entry_id=self.question["shown_entry_id"],
            )
        log.info("outbox entry=%s decision=%s", self.question["outbox_id"], decision)


@task
def list_orders_to_ask_about() -> list[dict[str, Any]]:
    """The carts that wait for an answer; people are told of them."""
    from include.notices.notice import Notice
    from include.write_back.order_question import waiting

    asked = get_current_context()["params"].get("cart")
    with spoken(), resources.open_warehouse() as engine, engine.connect() as connection:
        found = [one for one in waiting(connection) if asked in (None, one.cart_key)]
    tell_news(
        [
            Notice(
                subject=f"order:{one.outbox_id}",
                sentence=f"Cart {one.cart_key} waits for a yes before it is ordered: approve or reject it in Airflow "
                "under Required Actions.",
            )
            for one in found
        ]
    )
    return [asdict(one) for one in found]


@task(map_index_template="{{ cart_key }}")
def note_approved(question: dict[str, Any], answer: dict[str, Any]) -> None:
    """Somebody said yes; skipped after a no, which Airflow does not see to in mapped groups."""
    get_current_context()["cart_key"] = question["cart_key"]  # type: ignore[typeddict-unknown-key]
    if answer["chosen_options"] != [AskWhetherToOrder.APPROVE]:
        raise AirflowSkipException("Somebody said no.")
    log.info("outbox entry=%s may be ordered", question["outbox_id"])


@task_group
def ask_a_person(question: Any) -> None:
    """One cart and its question."""
    asked = AskWhetherToOrder(
        task_id="check_with_a_person", question=question, retries=0, map_index_template="{{ cart_key }}"
    )
    note_approved(question, asked.output)  # type: ignore[arg-type]


@task(trigger_rule="one_success")
def send_at_once() -> None:
    """Have the outbox sent as soon as there is a yes; those that follow go by the clock."""
    log.info("outbox has orders to send")


@task(trigger_rule="all_done")
def publish_orders_to_ask_about() -> None:
    """Have people asked about the carts that this run came upon; skipped when there are none."""
    from include.write_back.order_question import waiting

    began_at = get_current_context()["dag_run"].start_date
    with spoken(), resources.open_warehouse() as engine, engine.connect() as connection:
        found = waiting(connection, since=began_at)
    if not found:
        raise AirflowSkipException("No cart waits for a yes.")
    log.info("outbox questions=%s", ",".join(str(one.outbox_id) for one in found))
