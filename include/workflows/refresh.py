"""Bringing the tasks of a rule up to date: new ones opened, those closed whose outcome is known.

Set-based and in one transaction per rule. What a newcomer would get wrong: a task that a person closed stays closed for
the same occasion, though the rule still asks for it; one that the rules closed comes back when it is due again.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine, exc, text

from include.errors import ConfigError
from include.workflows.loading import TaskRule

BY_RULES = "rules"
"""Who closed a task, where it was no person."""

_LOCK = "select pg_advisory_xact_lock(hashtextextended('tasks:' || :rule, 0))"
_DUE = """
create temp table due_now on commit drop as
select
    cast(subject_key as text) collate "C" as subject_key,
    cast(channel_code as text) as channel_code,
    cast(occasion_at as timestamptz) as occasion_at,
    cast(due_at as timestamptz) as due_at,
    cast(amount as numeric(20, 4)) as amount,
    cast(currency_code as text) as currency_code
from (
{query}
) as due
"""
_ENDING = """
create temp table ending on commit drop as
select tasks.task_id, tasks.subject_key, tasks.occasion_at
from crm.tasks as tasks
where tasks.rule_name = :rule and tasks.state = 'open' and not exists (
    select from due_now where due_now.subject_key = tasks.subject_key and due_now.occasion_at = tasks.occasion_at
)
"""
_CLOSE = """
update crm.tasks as tasks set
    state = 'closed', outcome = coalesce(outcomes.outcome, 'no_longer_due'), closed_at = :now, closed_by = :by_rules
from ending
left join (
{query}
) as outcomes on outcomes.task_id = ending.task_id
where tasks.task_id = ending.task_id
"""
_OPEN = """
insert into crm.tasks as known (
    channel_code, rule_name, title, subject, subject_key, occasion_at, due_at, amount, currency_code, opened_at
)
select channel_code, :rule, :title, :subject, subject_key, occasion_at, due_at, amount, currency_code, :now
from due_now
on conflict on constraint tasks_once do update set
    state = 'open', outcome = null, closed_at = null, closed_by = null,
    title = excluded.title, due_at = excluded.due_at, amount = excluded.amount, currency_code = excluded.currency_code
where
    known.closed_by = :by_rules
    or known.state = 'open' and (known.title, known.due_at, known.amount, known.currency_code)
        is distinct from (excluded.title, excluded.due_at, excluded.amount, excluded.currency_code)
returning known.opened_at = :now as is_new
"""
_RETIRE = """
update crm.tasks set state = 'closed', outcome = 'no_longer_due', closed_at = :now, closed_by = :by_rules
where state = 'open' and not rule_name = any(:rules)
"""
_MISSING = "select name from unnest(cast(:names as text[])) as named (name) where to_regclass(name) is null"


class TaskOutcome(NamedTuple):
    """What a refresh did."""

    opened_count: int
    closed_count: int


def refresh_tasks(engine: Engine, rule: TaskRule, *, now: datetime) -> TaskOutcome | None:
    """Open and close the tasks of a rule; None while a report that it reads was never made.

    Args:
        engine: the warehouse.
        rule: from `load_rules`.
        now: the instant of the refresh, with a zone; bound as `:now`.

    Raises:
        ConfigError: its SQL does not run.
    """
    with engine.begin() as connection:
        connection.execute(text(_LOCK), {"rule": rule.name})
        if connection.execute(text(_MISSING), {"names": rule.report_inputs}).first():
            return None
        _run(connection, rule, "due.sql", _DUE.format(query=rule.due), now)
        connection.execute(text(_ENDING), {"rule": rule.name})
        closed = _run(connection, rule, "outcome.sql", _CLOSE.format(query=rule.outcome), now)
        opened = _opened(connection, rule, now)
        connection.exec_driver_sql("drop table due_now, ending")
    return TaskOutcome(opened, closed)


def retire_tasks(engine: Engine, rules: list[str], *, now: datetime) -> int:
    """Close the open tasks of rules that are no more; how many."""
    values = {"rules": rules, "now": now, "by_rules": BY_RULES}
    with engine.begin() as connection:
        return connection.execute(text(_RETIRE), values).rowcount


def _run(connection: Connection, rule: TaskRule, file: str, statement: str, now: datetime) -> int:
    known = {**rule.contract.parameter_values, "now": now, "by_rules": BY_RULES}
    bound = {name: value for name, value in known.items() if f":{name}" in statement}
    try:
        return connection.execute(text(statement), bound).rowcount
    except exc.ProgrammingError as error:
        reason = str(getattr(error.orig, "sqlstate", "") or "none")
        raise ConfigError(
            f"{rule.name}/{file} does not run (SQLSTATE {reason}): run its query by hand, and mend it."
        ) from None


def _opened(connection: Connection, rule: TaskRule, now: datetime) -> int:
    values = {
        "rule": rule.name,
        "title": rule.contract.title,
        "subject": rule.contract.subject,
        "now": now,
        "by_rules": BY_RULES,
    }
    return sum(connection.execute(text(_OPEN), values).scalars())
