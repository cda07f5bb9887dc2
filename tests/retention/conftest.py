from __future__ import annotations

from tests.sync.migrated_warehouse import migrated_template
from tests.sync.shop import shop

__all__ = ["migrated_template", "shop"]
