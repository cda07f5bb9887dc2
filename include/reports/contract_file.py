"""Reads a contract's YAML with the line of everything, so that a refusal names file, line and mend.

PyYAML keeps the last of two equal keys in silence; here that is refused. Dates stay text. A contract that may be
`based_on` another folder, one whose name begins with _, says only what differs.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from include.channels.values import REFUSED, nearest

ContractType = TypeVar("ContractType", bound=BaseModel)
BASED_ON = "based_on"
_ADDED = frozenset({"inputs", "parameters", "columns"})
"""Lists that are added to those of the base; everything else takes the place of what the base says."""
_Place = tuple[int | str, ...]
_WHOLE_FILE: _Place = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a folder is not used; the others are.

    Attributes:
        name: the folder, which is the report's or segment's name.
        file: the file in it.
        line: line of the file, from 1; None where the file as a whole is meant.
        problem: what is wrong, with the field.
        mend: what to do.
        further: how many more problems the folder has.
    """

    name: str
    file: str
    problem: str
    mend: str
    line: int | None = None
    further: int = 0

    @property
    def sentence(self) -> str:
        """File, line, problem and mend in one sentence."""
        where = f", line {self.line}" if self.line else ""
        more = f" ({self.further} more to mend)" if self.further else ""
        return f"{self.name}/{self.file}{where} is refused: {self.problem}; {self.mend}{more}."

    def __str__(self) -> str:
        return self.sentence


class FolderRefusedError(Exception):
    """A folder cannot be used; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


# libyaml's reads ten times as fast, where PyYAML was built with it.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc]
    """The safe loader without dates."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_contract(path: Path, model: type[ContractType]) -> ContractType:
    """The contract that a file holds.

    Raises:
        FolderRefusedError: it is missing, is not YAML, or says something a contract may not say.
    """
    node = _compose(path)
    lines = dict(_lines(path, node, _WHOLE_FILE))
    if BASED_ON in model.model_fields:
        node = _on_its_base(path, node)
        lines = dict(_lines(path, node, _WHOLE_FILE))
    values = _Loader("").construct_document(node)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise _refused(path, error.errors(include_url=False), lines, model) from None


def base_folders(path: Path) -> list[Path]:
    """The folders that a contract is based on, the nearest first.

    Raises:
        FolderRefusedError: one is missing, is no base, or is based on itself.
    """
    found: list[Path] = []
    file = path
    while (base := _base_of(path, file)) is not None:
        if base in found:
            raise refuse_folder(path, f"{base.name} is based on itself", f"take {BASED_ON} out of it")
        found.append(base)
        file = base / path.name
    return found


def _base_of(path: Path, file: Path) -> Path | None:
    named = [value for key, value in _compose(file).value if key.value == BASED_ON]
    if not named:
        return None
    folder = path.parent.parent / str(named[0].value)
    line = named[0].start_mark.line + 1
    if folder.name[:1] != "_" or not (folder / path.name).is_file():
        known = sorted(one.parent.name for one in path.parent.parent.glob(f"_*/{path.name}"))
        meant = nearest(folder.name, known) or "one of " + ", ".join(known)
        raise refuse_folder(path, f"{BASED_ON} names no folder to be based on", f"write {meant}", line)
    return folder


def _on_its_base(path: Path, node: yaml.MappingNode) -> yaml.MappingNode:
    """What the file says, over what the folders say that it is based on."""
    merged = node
    for folder in base_folders(path):
        base = folder / path.name
        below = {str(key.value): (key, value) for key, value in _compose(base).value}
        own = {str(key.value): (key, value) for key, value in merged.value}
        both = below | own
        for name in _ADDED & below.keys() & own.keys():
            both[name] = (own[name][0], _added(below[name][1], own[name][1]))
        merged = yaml.MappingNode(node.tag, list(both.values()), node.start_mark, node.end_mark)
    return merged


def _added(below: yaml.Node, own: yaml.Node) -> yaml.Node:
    if not isinstance(below, yaml.SequenceNode) or not isinstance(own, yaml.SequenceNode):
        return own
    return yaml.SequenceNode(own.tag, [*below.value, *own.value], own.start_mark, own.end_mark)


def refuse_folder(path: Path, problem: str, mend: str, line: int | None = None) -> FolderRefusedError:
    """The error for a file in a report's or segment's folder."""
    return FolderRefusedError(
        Refusal(name=path.parent.name, file=path.name, problem=problem, mend=mend, line=line)
    )


def read_text(path: Path) -> str:
    """The text of a file of the folder.

    Raises:
        FolderRefusedError: it is missing, cannot be read, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise refuse_folder(path, "the file is missing", "write it, or take the folder away") from None
    except UnicodeDecodeError:
        raise refuse_folder(path, "the file is not UTF-8 text", "save it with the encoding UTF-8") from None
    except OSError:
        raise refuse_folder(path, "the file cannot be read", "make it readable for Airflow's user") from None


def _compose(path: Path) -> yaml.MappingNode:
    return _composed(path, read_text(path))


# A base is read once for each folder that is based on it, and every file again by whoever asks for one more report.
@lru_cache(maxsize=512)
def _composed(path: Path, text: str) -> yaml.MappingNode:
    stream = io.StringIO(text)
    stream.name = str(path)  # where each mark says that it is
    try:
        node = _Loader(stream).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise refuse_folder(
            path, "it is not valid YAML", "mend colons, quotes and indentation", line
        ) from None
    except yaml.YAMLError:
        raise refuse_folder(path, "it is not valid YAML", "mend colons, quotes and indentation") from None
    if not isinstance(node, yaml.MappingNode):
        raise refuse_folder(path, "it is not a list of settings", "write each as a line like `title: ...`")
    return node


def _lines(path: Path, node: yaml.Node, place: _Place) -> Iterator[tuple[_Place, _Where]]:
    yield place, _where(node)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            where = _where(key)
            if str(key.value) in seen:
                raise refuse_folder(path, f"{key.value} is given twice", "keep one of the two", where.line)
            seen.add(str(key.value))
            yield from _lines(path, value, (*place, str(key.value)))
            yield (*place, str(key.value)), where
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _lines(path, value, (*place, number))


class _Where(NamedTuple):
    """A line of a file: the folder's own, or that of one it is based on."""

    file: str
    line: int


def _where(node: yaml.Node) -> _Where:
    return _Where(node.start_mark.name, node.start_mark.line + 1)


def _refused(
    path: Path, errors: list[ErrorDetails], lines: dict[_Place, _Where], model: type[BaseModel]
) -> FolderRefusedError:
    # A name that is not known comes first: it is often the one that is missing, written wrongly.
    first = min(errors, key=lambda error: error["type"] != "extra_forbidden")
    problem, mend = _in_words(first, model)
    where = _where_is(first["loc"], lines)
    in_base = where is not None and where.file != str(path)
    return FolderRefusedError(
        Refusal(
            name=path.parent.name,
            file=f"../{Path(where.file).parent.name}/{path.name}" if where and in_base else path.name,
            line=where.line if where else None,
            problem=problem,
            mend=mend,
            further=len(errors) - 1,
        )
    )


def _where_is(place: _Place, lines: dict[_Place, _Where]) -> _Where | None:
    """The line of the place, or of the nearest that the file has: a missing field has none of its own."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place) if place else None


def _in_words(error: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    field = _field(error["loc"])
    if error["type"] == REFUSED:
        return f"{field} {error['ctx']['problem']}", error["ctx"]["mend"]
    if error["type"] == "missing":
        return f"{field} is missing", "add it"
    if error["type"] == "extra_forbidden":
        return f"{field} is not known here", _mend_unknown(str(error["loc"][-1]), error["loc"][:-1], model)
    said = error["msg"].removeprefix("Input ").replace("should be", "must be").replace(" a valid ", " a ")
    return f"{field} {said}", "correct that line"


def _field(place: _Place) -> str:
    """`columns (entry 3).kind`; entries of a list are counted from one."""
    named = ""
    for part in place:
        named += f" (entry {part + 1})" if isinstance(part, int) else f".{part}"
    return named.lstrip(".") or "the contract"


def _mend_unknown(name: str, place: _Place, model: type[BaseModel]) -> str:
    known = list(_model_at(place, model).model_fields)
    meant = nearest(name, known)
    return f"write {meant}" if meant else f"take it out; known here are {', '.join(known)}"


def _model_at(place: _Place, model: type[BaseModel]) -> type[BaseModel]:
    for part in place:
        field = model.model_fields.get(str(part))
        found = [
            kind for kind in _types_in(field.annotation if field else None) if issubclass(kind, BaseModel)
        ]
        model = found[0] if found else model
    return model


def _types_in(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _types_in(inner)
