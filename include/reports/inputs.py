"""Reports made of other reports: in which order, and what a table takes over from those it reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

from include.channels.values import nearest
from include.reports.contract_file import FolderRefusedError, refuse_folder
from include.reports.keyed_table import KeyedTable
from include.reports.model import TableContract
from include.reports.told import Told


class Inherited(NamedTuple):
    """What comes from the reports that a table reads; the fields of `KeyedTable` of these names."""

    told: Mapping[str, Told]
    upstream: tuple[str, ...]


def in_order(contracts: Mapping[str, TableContract]) -> tuple[list[str], frozenset[str]]:
    """Reports such that each comes after those it reads, and those that read each other in a circle."""
    reads = {name: set(one.report_inputs) & contracts.keys() for name, one in sorted(contracts.items())}
    circular = set[str]()
    while True:
        try:
            return list(TopologicalSorter(reads).static_order()), frozenset(circular)
        except CycleError as error:
            circular.update(error.args[1])
            reads = {name: found - circular for name, found in reads.items() if name not in circular}


def inherit(
    contract_file: Path,
    contract: TableContract,
    known: Mapping[str, KeyedTable],
    circular: Collection[str] = (),
) -> Inherited:
    """Look up the reports that a contract names.

    Raises:
        FolderRefusedError: one is not known or refused itself, or does not tell what is followed.
    """
    for name in contract.report_inputs:
        if name in circular:
            raise refuse_folder(
                contract_file, f"it reads report.{name}, which reads it in turn", "take one out"
            )
        if name not in known:
            raise _unknown(contract_file, f"report.{name}", [f"report.{one}" for one in known])
    read = [known[name] for name in contract.report_inputs]
    told = {one.subject: one for table in read for one in table.tells}
    followed = [subject for subject in contract.refresh.subjects if "." in subject]
    for subject in followed:
        if subject not in told:
            raise _unknown(contract_file, subject, list(told))
    return Inherited(
        told={subject: told[subject] for subject in followed},
        upstream=tuple(table.basis_hash for table in read),
    )


def _unknown(contract_file: Path, name: str, known: list[str]) -> FolderRefusedError:
    meant = nearest(name, known)
    mend = f"write {meant}" if meant else "mend that report first, or take the name out"
    return refuse_folder(contract_file, f"it names {name}, which no report in order offers it", mend)
