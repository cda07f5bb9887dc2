"""What `task.yml` says: what people are to do, about what, and why.

The queries beside it say when. `due.sql` returns what is to be done now, `outcome.sql` how it ended for those it no
longer returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator

from include.channels.values import Text, refuse
from include.reports.columns import ParameterContract
from include.reports.names import LIST, Contract, Name

SUBJECTS = {"cart": "carts", "order": "orders"}
"""What a task may be about, and its table in crm."""


def _to_subject(value: str) -> str:
    if value not in SUBJECTS:
        raise refuse("is nothing that a task can be about", f"write {' or '.join(SUBJECTS)}")
    return value


class TaskContract(Contract):
    """`task.yml`.

    Attributes:
        title: what to do, in words; the task is called so.
        why: what it is good for.
        subject: what it is about.
        owner: the role that answers for the rule; a role, never a person.
        parameters: settings of the queries.
    """

    title: Text
    why: Text
    subject: Annotated[str, AfterValidator(_to_subject)]
    owner: Name
    parameters: Annotated[tuple[ParameterContract, ...], LIST] = ()

    @property
    def parameter_values(self) -> Mapping[str, Any]:
        """The parameters with their values."""
        return {parameter.name: parameter.default for parameter in self.parameters}
