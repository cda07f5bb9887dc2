"""Every table of the project on one metadata: importing this declares them all."""

from __future__ import annotations

from include.approvals import tables as approval_tables
from include.delivery import tables as delivery_tables
from include.notices import tables as notice_tables
from include.privacy import tables as privacy_tables
from include.reports import tables as report_tables
from include.segments import export_tables
from include.segments import tables as segment_tables
from include.suppressions import tables as suppression_tables
from include.sync import shared_root_table
from include.warehouse import definitions, identity_tables, ledger_tables, ops_tables, schema
from include.workflows import tables as workflow_tables
from include.write_back import tables as write_back_tables

__all__ = [
    "approval_tables",
    "definitions",
    "delivery_tables",
    "export_tables",
    "identity_tables",
    "ledger_tables",
    "metadata",
    "notice_tables",
    "ops_tables",
    "privacy_tables",
    "report_tables",
    "schema",
    "segment_tables",
    "shared_root_table",
    "suppression_tables",
    "workflow_tables",
    "write_back_tables",
]

metadata = schema.metadata
