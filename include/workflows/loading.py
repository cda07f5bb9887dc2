"""The rules of tasks as folders: `sql/tasks/<rule>/{task.yml,due.sql,outcome.sql}`; the folder's name is the rule's.

A broken folder is refused and harms no other.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from include.reports.contract_file import read_contract, refuse_folder
from include.reports.folders import FolderSet, load_folders
from include.reports.sql_text import read_query, read_select
from include.settings import PROJECT_ROOT
from include.warehouse.definitions import reports_read
from include.workflows.model import TaskContract

TASKS_FOLDER = PROJECT_ROOT / "sql" / "tasks"
_NAME = re.compile(r"[a-z][a-z0-9_]{2,49}")


class TaskRule(NamedTuple):
    """A rule: what it asks people to do, and its queries.

    Attributes:
        due: what is to be done now: subject_key, channel_code, occasion_at, due_at, amount, currency_code.
        outcome: of `ending`, the tasks that are no longer due: task_id, outcome.
    """

    name: str
    contract: TaskContract
    due: str
    outcome: str

    @property
    def report_inputs(self) -> list[str]:
        """The reports that its queries read."""
        return sorted(f"report.{name}" for name in reports_read(f"{self.due}\n{self.outcome}"))


def load_rules(folder: Path = TASKS_FOLDER) -> FolderSet[TaskRule]:
    """Every rule of a folder.

    Raises:
        ConfigError: the folder itself cannot be read.
    """
    return load_folders(folder, _load)


def _load(folder: Path) -> TaskRule:
    contract_file = folder / "task.yml"
    if not _NAME.fullmatch(folder.name):
        raise refuse_folder(
            contract_file, "its name is none for a rule", "rename the folder: 3 to 50 of a-z, 0-9 and _"
        )
    contract = read_contract(contract_file, TaskContract)
    parameters = {*contract.parameter_values, "now"}
    return TaskRule(
        folder.name,
        contract,
        read_query(folder / "due.sql", parameters),
        read_select(folder / "outcome.sql", parameters),
    )
