from __future__ import annotations

from tests.sync.migrated_warehouse import migrated_template

__all__ = ["migrated_template"]
