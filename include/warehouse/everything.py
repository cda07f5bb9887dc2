"""Every table of the project on one metadata: importing this declares them all."""

from __future__ import annotations

from include.warehouse import definitions, ops_tables, schema

__all__ = ["definitions", "metadata", "ops_tables", "schema"]

metadata = schema.metadata
