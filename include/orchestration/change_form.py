"""What a form for a change of a store is: what can be done, to whom, and which fields can be filled in.

What a newcomer would get wrong: a field that is left empty is not asked for. To empty it in the store it is named under
*Empty these*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from airflow.sdk import Param

OPTIONAL_TEXT: dict[str, Any] = {"type": ["null", "string"]}
LINES: dict[str, Any] = {"type": ["null", "string"], "format": "multiline"}
OPTIONAL_NUMBER: dict[str, Any] = {"type": ["null", "integer"], "minimum": 0}
FLAG: dict[str, Any] = {"type": "boolean"}
DAY: dict[str, Any] = {"type": ["null", "string"], "format": "date"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form.

    Attributes:
        kinds: what can be done, and the kind of change that does it.
        action: what the choice is about.
        target: title and description of whom or what it is done to.
        fields: what can be filled in, by field of crm.changeable_fields: title, description, schema.
        emptied: fields that can be emptied.
        spelled: fields that are typed in a spelling of their own, and what reads it.
    """

    kinds: Mapping[str, str]
    action: str
    target: tuple[str, str]
    fields: Mapping[str, tuple[str, str, dict[str, Any]]] = field(default_factory=dict)
    emptied: tuple[str, ...] = ()
    spelled: Mapping[str, Callable[[str, str], Any]] = field(default_factory=dict)

    def params(self) -> dict[str, Param]:
        """The form as Airflow shows it."""
        title, description = self.target
        found = {
            "action": Param(
                None,
                type=["null", "string"],
                enum=[None, *self.kinds],
                title="What",
                description=self.action,
            ),
            "target": Param(None, title=title, description=description, **OPTIONAL_TEXT),
        }
        for name, (title, description, schema) in self.fields.items():
            default = False if schema is FLAG else None
            found[name] = Param(default, title=title, description=description, **schema)
        if self.emptied:
            found["empty"] = Param(
                None,
                type=["null", "array"],
                items={"type": "string", "enum": list(self.emptied)},
                examples=list(self.emptied),
                title="Empty these",
                description="Fields that shall hold nothing in the store; a field left empty above stays as it is.",
            )
        return found

    def wanted(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """The fields and values that were filled in.

        Raises:
            RequestRefused: one that is spelled in its own way cannot be read.
        """
        # A zero is a number that was filled in, and equal to False.
        filled = {n: v for n in self.fields if (v := params.get(n)) not in (None, "") and v is not False}
        filled |= {
            name: read(name, str(filled[name])) for name, read in self.spelled.items() if name in filled
        }
        return filled | dict.fromkeys(params.get("empty") or ())
