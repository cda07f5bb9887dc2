from __future__ import annotations

from tests.sql.sample_warehouse import migrated_template, warehouse

__all__ = ["migrated_template", "warehouse"]
