from __future__ import annotations

from pathlib import Path

from tests.sql.sample_warehouse import migrated_template, warehouse

__all__ = ["EXAMPLE", "migrated_template", "warehouse"]

EXAMPLE = Path(__file__).parent / "example"
"""A report of our own to try the engine on, so that its tests do not change with what analysts ask for."""
