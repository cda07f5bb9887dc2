"""What the warehouse knows of the folders that all workers must share."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text, text

from include.warehouse.schema import INSTANT, metadata

SHARED_ROOTS = Table(
    "shared_roots",
    metadata,
    Column("purpose", Text, primary_key=True, comment="What is in the folder: staging."),
    Column(
        "root_id", Text, nullable=False, comment="Number in the folder's own file, to tell it from namesakes."
    ),
    Column(
        "noted_at", INSTANT, nullable=False, server_default=text("now()"), comment="When a run first met it."
    ),
    schema="ops",
    comment="One row per folder that all workers must share.",
)
