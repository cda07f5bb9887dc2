from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext

import pytest

from include.warehouse.server import EmbeddedServer


@pytest.fixture
def on_the_tests_server(postgres: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Benchmarks make their warehouses on the session's server, which is there already and migrated one before.

    `test_loading_loads_what_it_copied` does without, so that a server of a benchmark's own is started and removed.
    """

    def running_server() -> AbstractContextManager[EmbeddedServer]:
        return nullcontext(postgres)

    for name, module in list(sys.modules.items()):
        if name.startswith("benchmarks.") and hasattr(module, "running_server"):
            monkeypatch.setattr(module, "running_server", running_server)
