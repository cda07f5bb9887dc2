"""The files of one folder read together: the contract, its query, and its checks, held against each other.

A folder to be based on may hold further queries: whoever is based on it reads `buyers.sql` as if it were a table
`buyers`, and may return more columns than the contract lists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from include.reports.contract_file import BASED_ON, base_folders, read_contract, refuse_folder
from include.reports.folders import check_inputs, check_name
from include.reports.model import TableContract
from include.reports.sql_text import Check, read_checks, read_query, read_select
from include.warehouse.definitions import Definition

_ROLES = frozenset({"query", "members", "scope", "checks"})
SomeContract = TypeVar("SomeContract", bound=TableContract)


class FolderFiles(NamedTuple, Generic[SomeContract]):
    """What the folder of a report or segment says."""

    contract: SomeContract
    query: str
    scope: str
    checks: tuple[Check, ...]


def read_files(
    contract_file: Path,
    model: type[SomeContract],
    query_file: Path,
    *,
    schema: str,
    definitions: Sequence[Definition],
    needs_checks: bool,
) -> FolderFiles[SomeContract]:
    """Read a folder; its `checks.sql` may be missing only where none are needed.

    A file that is missing is looked for where the contract is based on.

    Raises:
        FolderRefusedError: its name, or one of its files, cannot be used.
    """
    check_name(contract_file, schema)
    contract = read_contract(contract_file, model)
    bases = base_folders(contract_file) if BASED_ON in model.model_fields else []
    parameters = {*contract.parameter_values, "now"}
    query_file = _nearest(query_file, bases)
    query = read_query(query_file, parameters)
    files = {"": query_file, **_shared_files(query, bases)}
    queries = {name: read_query(file, parameters) for name, file in files.items()}
    for name, file in files.items():
        check_inputs(file, queries[name], contract, definitions)
    query = _with_shared(queries.pop(""), contract, queries)
    scope = _read_scope(_nearest(contract_file.parent / "scope.sql", bases), contract, parameters)
    checks = contract_file.parent / "checks.sql"
    has_checks = needs_checks or checks.exists()
    return FolderFiles(contract, query, scope, read_checks(checks, parameters) if has_checks else ())


def _nearest(path: Path, bases: Sequence[Path]) -> Path:
    """The file of the folder itself, else of the first base that has it."""
    found = (one for one in [path, *(base / path.name for base in bases)] if one.exists())
    return next(found, path)


def _shared_files(query: str, bases: Sequence[Path]) -> dict[str, Path]:
    """The files of bases that a query names; of two of one name that of the nearest."""
    files = {file.stem: file for base in reversed(bases) for file in sorted(base.glob("*.sql"))}
    return {n: f for n, f in files.items() if n not in _ROLES and re.search(rf"\b{n}\b", query)}


def _with_shared(query: str, contract: TableContract, shared: Mapping[str, str]) -> str:
    """The query with those it names; what they offer beyond the contract's columns is left out."""
    if not shared:
        return query
    given = ",\n".join(f"{name} as not materialized (\n{sql}\n)" for name, sql in shared.items())
    columns = ", ".join(f"found.{column.name}" for column in contract.columns)
    return f"with {given}\n\nselect {columns}\nfrom (\n{query}\n) as found"


def _read_scope(path: Path, contract: TableContract, parameters: set[str]) -> str:
    if not contract.refresh.columns:
        if path.exists() and path.parent.name[0] != "_":
            raise refuse_folder(path, "nothing asks for it", "name its columns in refresh.columns")
        return ""
    return read_select(path, parameters | {"refreshed_at"})
