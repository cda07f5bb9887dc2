"""What is wrong with a channel file, in words: one problem, the field it is about, and the mend.

The wording of pydantic is for programmers and quotes the value; here a value is never quoted, since a
password in the wrong line is a likely mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from include.channels.model import Channel
from include.channels.values import REFUSED, nearest

_PROBLEMS: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "is not a known setting",
    "string_type": "is not text",
    "bool_type": "is neither true nor false",
    "int_type": "is not a whole number",
    "int_from_float": "is not a whole number",
    "float_type": "is not a number",
    "decimal_type": "is not a number",
    "decimal_parsing": "is not a number",
    "model_type": "is not a group of settings",
    "mapping_type": "is not a group of settings",
    "dict_type": "is not a group of settings",
    "is_instance_of": "is not a group of settings",
    "finite_number": "is not a finite number",
    "tuple_type": "is not a list",
    "too_short": "is an empty list",
    "greater_than": "is not greater than {gt}",
    "greater_than_equal": "is less than {ge}",
    "less_than_equal": "is greater than {le}",
    "literal_error": "is none of {expected}",
    "string_pattern_mismatch": "has characters or a length that are not allowed",
}
# Settings that other tools keep beside the rest; here they would put a secret or an address into git.
_BELONGS_TO_CONNECTION = frozenset(
    {
        "url",
        "api_url",
        "wsdl",
        "wsdl_url",
        "host",
        "wsi",
        "verify_tls",
        "verify_ssl",
        "timeout",
        "timeout_seconds",
    }
    | {
        "user",
        "login",
        "api_user",
        "key",
        "api_key",
        "password",
        "secret",
        "token",
        "http_user",
        "http_password",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong: `<field> <problem>; <mend>.` reads as a sentence."""

    field: str
    problem: str
    mend: str


def problems_of(error: ValidationError) -> list[Problem]:
    """Every problem of a channel file: unknown names first, since a misspelt one explains a missing one."""
    details = sorted(error.errors(include_url=False), key=lambda detail: detail["type"] != "extra_forbidden")
    return [_problem(detail) for detail in details if not _follows(detail, details)]


def _follows(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """Whether this is only an echo: pydantic calls a list too short when its one entry is wrong."""
    loc = detail["loc"]
    return detail["type"] == "too_short" and any(
        other["loc"][: len(loc)] == loc and len(other["loc"]) > len(loc) for other in details
    )


def _problem(detail: ErrorDetails) -> Problem:
    context = detail.get("ctx", {})
    field = _path(detail["loc"])
    if detail["type"] == REFUSED:
        return Problem(field=field, problem=context["problem"], mend=context["mend"])
    problem = _PROBLEMS.get(detail["type"], "is not allowed").format_map(context)
    return Problem(field=field, problem=problem, mend=_mend(detail))


def _path(loc: tuple[int | str, ...]) -> str:
    """`limits.page_size`; the entries of a list are counted from one."""
    names = ".".join(part for part in loc if isinstance(part, str))
    entries = "".join(f" (entry {part + 1})" for part in loc if isinstance(part, int))
    return names + entries


def _mend(detail: ErrorDetails) -> str:
    name = str(detail["loc"][-1])
    if detail["type"] == "extra_forbidden":
        return _mend_unknown(name, _known_settings(detail["loc"][:-1]))
    example = _example(detail["loc"])
    if detail["type"] == "missing":
        return f"add it, for example {example}"
    if detail["type"] == "string_type":
        return f"write for example {example}, in quotes if it looks like a number or yes or no"
    return f"write for example {example}"


def _mend_unknown(name: str, known: list[str]) -> str:
    if name.lower() in _BELONGS_TO_CONNECTION:
        return "take it out and put it into the Airflow connection that connection_id names"
    meant = nearest(name, known)
    return f"write {meant}" if meant else f"take it out; known here are {', '.join(known)}"


def _known_settings(loc: tuple[int | str, ...]) -> list[str]:
    model = _model_at(loc)
    return list(model.model_fields) if model else []


def _example(loc: tuple[int | str, ...]) -> str:
    """The setting at this place as a line of YAML, from the example that its declaration holds."""
    names = [part for part in loc if isinstance(part, str)]
    field = _field_at(tuple(names))
    value: Any = field.examples[0] if field and field.examples else "..."
    return yaml.safe_dump({names[-1]: value}, default_flow_style=True, width=1000).strip()[1:-1]


def _field_at(names: tuple[int | str, ...]) -> FieldInfo | None:
    model = _model_at(names[:-1])
    return model.model_fields.get(str(names[-1])) if model else None


def _model_at(loc: tuple[int | str, ...]) -> type[BaseModel] | None:
    model: type[BaseModel] = Channel
    for name in loc:
        field = model.model_fields.get(str(name))
        inner = _inner_model(field.annotation) if field else None
        if inner is None:
            return None
        model = inner
    return model


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    """The settings model behind `Limits` or `AddressMatching | None`."""
    for candidate in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return None
