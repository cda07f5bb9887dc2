"""Deciding about changes that cannot go on by themselves, as an Airflow task: by number, or all in one state.

The answers are those of `crm.decide_change`, so the form and SQL never differ.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from airflow.sdk import Param, get_current_context, task
from sqlalchemy import Connection, text

from include.errors import ConfigError
from include.orchestration import resources
from include.orchestration.failures import spoken

_ALL_OF = text(
    """
    select outbox_id from crm.waiting_changes
    where state = :state and (channel_code = :channel or cast(:channel as text) is null)
        and (:decision <> 'retry' or crm.overtaken_by(outbox_id) is null)
    order by outbox_id
    """
)
_UNSAID = (
    "Name the entries by their numbers in crm.waiting_changes, or say of which state all are meant, and say what shall "
    "become of them."
)


def decide_params() -> dict[str, Param]:
    """The form: which entries, and what shall become of them."""
    return {
        "entries": Param(
            None,
            type=["null", "string"],
            title="Entries",
            description="Numbers of entries (outbox_id of crm.waiting_changes), parted by commas.",
        ),
        "state": Param(
            None,
            type=["null", "string"],
            enum=[None, "pending", "conflict", "rejected", "dead"],
            title="Or all that are",
            description="In place of numbers: every entry in this state.",
        ),
        "channel": Param(
            None,
            type=["null", "string"],
            title="Channel",
            description="Only with a state: code of the channel whose entries are meant; empty: those of all.",
        ),
        "decision": Param(
            None,
            type=["null", "string"],
            enum=[None, "retry", "drop", "crm", "store"],
            title="Decision",
            description="retry: what was rejected or is dead, unless a later change would be undone. drop: take it "
            "back. Of a conflict: crm writes what was asked for, store leaves the store as it is.",
        ),
        "fields": Param(
            None,
            type=["null", "string"],
            title="Fields",
            description="Only with crm or store: fields of the conflict that are meant, parted by semicolons, as in "
            "conflicts_json; empty: all of them.",
        ),
    }


@task
def decide() -> dict[str, int]:
    """Decide about the entries that are meant; all of them or, where one does not fit, none."""
    from include.write_back.requests import decide_change

    params = get_current_context()["params"]
    with spoken(), resources.open_warehouse() as engine, engine.begin() as connection:
        numbers, decision = _meant(connection, params), params.get("decision")
        if not decision:
            raise ConfigError(_UNSAID)
        names = [name.strip() for name in str(params.get("fields") or "").split(";") if name.strip()]
        who = get_current_context()["dag_run"].triggering_user_name
        return dict(
            Counter(
                decide_change(connection, number, decision, fields=names or None, decided_by=who)
                for number in numbers
            )
        )


def _meant(connection: Connection, params: Any) -> list[int]:
    """The entries that the form names.

    Raises:
        ConfigError: none, both ways at once, or something that is no number.
    """
    words, state = str(params.get("entries") or "").replace(",", " ").split(), params.get("state")
    if bool(words) == bool(state) or not all(word.isascii() and word.isdecimal() for word in words):
        raise ConfigError(_UNSAID)
    values = {
        "state": state,
        "channel": params.get("channel") or None,
        "decision": params.get("decision") or "",
    }
    return [int(word) for word in words] or list(connection.execute(_ALL_OF, values).scalars())
