"""Forms for what people decide about carts, orders and tasks; the same doors as in SQL (include/workflows).

Nothing of it goes to a store. What a newcomer would get wrong: Airflow tries a task again that was cut off, maybe after
its commit; so a later try looks first whether the run has done it already.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from airflow.sdk import Param, get_current_context, task

from include.errors import ConfigError
from include.orchestration import resources
from include.orchestration.failures import spoken

log = logging.getLogger(__name__)

_TEXT: dict[str, Any] = {"type": ["null", "string"]}
_LINES: dict[str, Any] = {"type": ["null", "string"], "format": "multiline"}
_STEPS = {
    "abandon": "abandon",
    "reopen": "reopen",
    "convert to opportunity": "convert_to_opportunity",
}


def decide_cart_params() -> dict[str, Param]:
    """The form of a step with a cart."""
    return {
        "action": Param(
            None,
            type=["null", "string"],
            enum=[None, *_STEPS],
            title="What",
            description="abandon: given up as lost. reopen: open again. convert to opportunity: sold by other means.",
        ),
        "cart": Param(None, title="Cart", description="cart_key in crm.carts, such as us:812.", **_TEXT),
        "notes": Param(None, title="Notes", description="Why, in a few words.", **_LINES),
        "opportunity_name": Param(
            None,
            title="Opportunity",
            description="Only of an opportunity: what it is called; empty: after the cart.",
            **_TEXT,
        ),
        "opportunity_owner": Param(
            None,
            title="Owner",
            description="Only of an opportunity: who works on it; empty: whoever looks after the cart.",
            **_TEXT,
        ),
    }


def record_contact_params() -> dict[str, Param]:
    """The form of a contact with a buyer."""
    return {
        "order": Param(None, title="Order", description="order_key in crm.orders, such as us:5310.", **_TEXT),
        "outcome": Param(
            None,
            type=["null", "string"],
            enum=[None, "reached", "no_answer"],
            title="Outcome",
            description="reached: the buyer was spoken to, and the order's tasks end. no_answer: it was tried.",
        ),
        "feedback": Param(None, title="Feedback", description="What the buyer said.", **_LINES),
        "notes": Param(None, title="Notes", description="What is to be remembered.", **_LINES),
        "contacted_at": Param(
            None,
            type=["null", "string"],
            format="date-time",
            title="When",
            description="When the buyer was contacted, with a time zone; empty: now.",
        ),
    }


def close_task_params() -> dict[str, Param]:
    """The form of a task that ends by hand."""
    return {
        "task_number": Param(
            None,
            type=["null", "integer"],
            minimum=1,
            title="Task",
            description="task_id in crm.open_tasks.",
        ),
        "outcome": Param(
            None,
            type=["null", "string"],
            enum=[None, "done", "not_needed"],
            title="Outcome",
            description="done: somebody did it. not_needed: nobody has to.",
        ),
        "note": Param(None, title="Note", description="What there is to say about it.", **_LINES),
    }


@task
def decide_cart() -> int:
    """Take the step; its number in crm.cart_transitions."""
    from include.workflows.decisions import decide_cart

    answers = _filled(action="What", cart="Cart")
    step = _STEPS[answers.pop("action")]
    with spoken(), resources.open_warehouse() as engine, engine.begin() as connection:
        number = decide_cart(connection, step, answers.pop("cart"), **answers, author=_author())
    log.info("transition=%s step=%s", number, step)
    return number


@task
def record_contact() -> int:
    """Note the contact; its number in crm.order_contacts."""
    from include.workflows.decisions import record_contact

    answers = _filled(order="Order", outcome="Outcome")
    if "contacted_at" in answers:
        answers["contacted_at"] = _instant(answers["contacted_at"])
    with spoken(), resources.open_warehouse() as engine, engine.begin() as connection:
        number = record_contact(connection, answers.pop("order"), **answers, author=_author())
    log.info("contact=%s", number)
    return number


@task
def close_task() -> None:
    """End the task."""
    from include.workflows.decisions import close_task

    answers = _filled(task_number="Task", outcome="Outcome")
    number = answers.pop("task_number")
    with spoken(), resources.open_warehouse() as engine, engine.begin() as connection:
        close_task(connection, number, **answers, author=_author())
    log.info("task=%s outcome=%s", number, answers["outcome"])


def _filled(**required: str) -> dict[str, Any]:
    """What was filled in.

    Args:
        **required: what has to be, and what the form calls it.

    Raises:
        ConfigError: something that is needed was not.
    """
    filled = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in get_current_context()["params"].items()
        if value is not None and str(value).strip()
    }
    missing = [title for name, title in required.items() if name not in filled]
    if missing:
        with spoken():
            raise ConfigError(f"Nothing was done: fill in {' and '.join(missing)}.")
    return filled


def _instant(typed: str) -> datetime:
    """An instant of a form.

    Raises:
        RequestRefused: it has no time zone.
    """
    from include.warehouse.refusals import refused

    with spoken():
        found = datetime.fromisoformat(typed)
        if found.tzinfo is None:
            raise refused(
                "contacted_at: it has no time zone; write it like 2026-11-22T15:00+01:00", "contacted_at"
            )
    return found


def _author() -> Any:
    """Who started the run, as Airflow knows them, and since when it tries, when this is not its first try."""
    from include.workflows.decisions import Author

    context = get_current_context()
    run = context["dag_run"]
    is_again = (context["ti"].try_number or 1) > 1
    return Author(name=getattr(run, "triggering_user_name", None), since=run.start_date if is_again else None)
