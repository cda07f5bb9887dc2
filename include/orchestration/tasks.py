"""What people are to do next, as Airflow tasks: every rule of sql/tasks, its tasks opened and closed."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from airflow.sdk import Param, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from include.errors import ConfigError
from include.orchestration import resources
from include.orchestration.failures import spoken

log = logging.getLogger(__name__)


def task_params() -> dict[str, Param]:
    """The form; left alone, every rule is brought up to date."""
    return {
        "rule": Param(
            None,
            type=["null", "string"],
            title="Rule",
            description="Name of one rule of sql/tasks; empty: all.",
        )
    }


@task
def list_rules() -> list[str]:
    """The rules to bring up to date: the one the form asks for, else all whose folder is in order."""
    from include.workflows.loading import load_rules

    asked = get_current_context()["params"].get("rule")
    with spoken():
        rules = load_rules()
        return [rules.get(asked).name] if asked else list(rules.accepted)


@task(map_index_template="{{ rule_name }}")
def open_and_close(name: str) -> None:
    """Open what is due by a rule, and close what has its outcome."""
    from include.workflows.loading import load_rules
    from include.workflows.refresh import refresh_tasks

    get_current_context()["rule_name"] = name  # type: ignore[typeddict-unknown-key]
    with spoken(), resources.open_warehouse() as engine:
        outcome = refresh_tasks(engine, load_rules().get(name), now=datetime.now(UTC))
    if outcome is None:
        raise AirflowSkipException("A report that the rule reads was never made.")
    log.info("rule=%s opened=%s closed=%s", name, outcome.opened_count, outcome.closed_count)


@task(retries=0)
def check_rules() -> None:
    """Keep the run red while a folder is refused; tasks of rules that are no more are closed."""
    from include.workflows.loading import load_rules
    from include.workflows.refresh import retire_tasks

    with spoken(), resources.open_warehouse() as engine:
        rules = load_rules()
        known = [*rules.accepted, *(refusal.name for refusal in rules.refused)]
        retire_tasks(engine, known, now=datetime.now(UTC))
        if rules.refused:
            raise ConfigError(" ".join(refusal.sentence for refusal in rules.refused))
