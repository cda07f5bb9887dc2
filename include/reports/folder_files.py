"""The files of one folder read together: the contract, its query, and its checks, held against each other."""

from __future__ import annotations

from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from include.reports.contract_file import read_contract, refuse_folder
from include.reports.folders import check_inputs, check_name
from include.reports.model import TableContract
from include.reports.sql_text import Check, read_checks, read_query, read_select

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
    shared: Path,
    needs_checks: bool,
) -> FolderFiles[SomeContract]:
    """Read a folder; its `checks.sql` may be missing only where none are needed.

    Raises:
        FolderRefusedError: its name, or one of its files, cannot be used.
    """
    check_name(contract_file, schema)
    contract = read_contract(contract_file, model)
    parameters = {*contract.parameter_values, "now"}
    query = read_query(query_file, parameters)
    check_inputs(query_file, query, contract, shared)
    scope = _read_scope(contract_file.parent / "scope.sql", contract, parameters)
    checks = contract_file.parent / "checks.sql"
    has_checks = needs_checks or checks.exists()
    return FolderFiles(contract, query, scope, read_checks(checks, parameters) if has_checks else ())


def _read_scope(path: Path, contract: TableContract, parameters: set[str]) -> str:
    if not contract.refresh.columns:
        if path.exists():
            raise refuse_folder(path, "nothing asks for it", "name its columns in refresh.columns")
        return ""
    return read_select(path, parameters | {"refreshed_at"})
