"""Decide about carts, record contacts and close tasks from Python: the same doors as in SQL, with their refusals.

What a newcomer would get wrong: none of these is safe to repeat by itself, since somebody may call a buyer twice. A
caller that may be cut off after the commit says since when it tries: what the same author did by then is not done once
more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, TextClause, text

from include.warehouse.refusals import call, refused

STEPS = ("abandon", "reopen", "convert_to_opportunity")
_STEPS = {
    "abandon": text("select crm.abandon_cart(:key, :notes, :made_by)"),
    "reopen": text("select crm.reopen_cart(:key, :notes, :made_by)"),
    "convert_to_opportunity": text(
        "select crm.convert_cart_to_opportunity(:key, :name, :owner, :notes, :made_by)"
    ),
}
_STEP_TAKEN = text(
    """
    select max(steps.transition_id) from crm.cart_transitions as steps
    where steps.cart_key = :key and steps.transition = :step and steps.made_at >= :since
        and steps.made_by = coalesce(cast(:made_by as text), session_user)
    """
)
_RECORD = text(
    """
    select crm.record_contact(
        :key, :feedback, :notes, :outcome, coalesce(cast(:contacted_at as timestamptz), now()), :made_by
    )
    """
)
_RECORDED = text(
    """
    select max(contacts.order_contact_id) from crm.order_contacts as contacts
    where contacts.order_key = :key and contacts.outcome = :outcome and contacts.noted_at >= :since
        and contacts.made_by = coalesce(cast(:made_by as text), session_user)
    """
)
_CLOSE = text("select crm.close_task(:task_id, :outcome, :note, :made_by)")
_CLOSED = text(
    """
    select count(*) from crm.tasks as tasks
    where tasks.task_id = :task_id and tasks.outcome = :outcome and tasks.closed_at >= :since
        and tasks.closed_by = coalesce(cast(:made_by as text), session_user)
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who says so.

    Attributes:
        name: as they are known; None: the login of the database.
        since: when the caller tried first, when this is a later try.
    """

    name: str | None = None
    since: datetime | None = None


NOBODY_IN_PARTICULAR = Author()


def decide_cart(
    connection: Connection,
    step: str,
    cart_key: str,
    *,
    notes: str | None = None,
    opportunity_name: str | None = None,
    opportunity_owner: str | None = None,
    author: Author = NOBODY_IN_PARTICULAR,
) -> int:
    """Take a step with a cart, in the caller's transaction.

    Args:
        connection: to the warehouse.
        step: one of `STEPS`.
        cart_key: of crm.carts.
        notes: why.
        opportunity_name: what an opportunity is called; None: after the cart.
        opportunity_owner: who works on it; None: whoever looks after the cart.
        author: who says so.

    Returns:
        crm.cart_transitions.transition_id.

    Raises:
        RequestRefused: the field and the reason; the step does not fit the cart's status.
    """
    if step != "convert_to_opportunity" and (opportunity_name or opportunity_owner):
        raise refused("opportunity_name: only a cart that becomes an opportunity has one", "opportunity_name")
    values = {
        "key": cart_key,
        "step": step,
        "notes": notes,
        "name": opportunity_name,
        "owner": opportunity_owner,
        "made_by": author.name,
    }
    return _once(connection, _STEP_TAKEN, author, values) or int(call(connection, _STEPS[step], values))


def record_contact(
    connection: Connection,
    order_key: str,
    *,
    outcome: str,
    feedback: str | None = None,
    notes: str | None = None,
    contacted_at: datetime | None = None,
    author: Author = NOBODY_IN_PARTICULAR,
) -> int:
    """Note that a buyer was contacted about an order, in the caller's transaction.

    Args:
        connection: to the warehouse.
        order_key: of crm.orders.
        outcome: reached or no_answer.
        feedback: what the buyer said.
        notes: what is to be remembered.
        contacted_at: with a zone; None: now.
        author: who says so.

    Returns:
        crm.order_contacts.order_contact_id.

    Raises:
        RequestRefused: the field and the reason.
    """
    values = {
        "key": order_key,
        "outcome": outcome,
        "feedback": feedback,
        "notes": notes,
        "contacted_at": contacted_at,
        "made_by": author.name,
    }
    return _once(connection, _RECORDED, author, values) or int(call(connection, _RECORD, values))


def close_task(
    connection: Connection,
    task_id: int,
    *,
    outcome: str,
    note: str | None = None,
    author: Author = NOBODY_IN_PARTICULAR,
) -> None:
    """End an open task, in the caller's transaction.

    Args:
        connection: to the warehouse.
        task_id: of crm.tasks.
        outcome: done or not_needed.
        note: what there is to say about it.
        author: who says so.

    Raises:
        RequestRefused: the field and the reason; no open task has this number.
    """
    values = {"task_id": task_id, "outcome": outcome, "note": note, "made_by": author.name}
    if not _once(connection, _CLOSED, author, values):
        call(connection, _CLOSE, values)


def _once(connection: Connection, done: TextClause, author: Author, values: dict[str, Any]) -> int:
    """The number of what a try before has done; 0: nothing, or there was none."""
    if author.since is None:
        return 0
    return int(connection.execute(done, values | {"since": author.since}).scalar_one() or 0)
