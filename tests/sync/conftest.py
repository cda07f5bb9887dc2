from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from tests.sync.migrated_warehouse import migrated_template
from tests.sync.shop import shop

__all__ = ["migrated_template", "shop"]


@pytest.fixture
def at_once() -> Callable[[Callable[[Any], Any], Sequence[Any]], list[Any]]:
    """Call a function with each argument in a thread of its own, all let go at the same moment."""

    def run(call: Callable[[Any], Any], arguments: Sequence[Any]) -> list[Any]:
        barrier = Barrier(len(arguments))

        def started(argument: Any) -> Any:
            barrier.wait(timeout=30)
            return call(argument)

        with ThreadPoolExecutor(len(arguments)) as pool:
            return list(pool.map(started, arguments))

    return run
