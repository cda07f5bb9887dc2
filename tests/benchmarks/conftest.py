from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext

import pytest

from benchmarks.warehouse import TEMPLATE
from include.warehouse.server import EmbeddedServer
from tests.copied_database import copied_database
from tests.sync.migrated_warehouse import migrated_template

__all__ = ["migrated_template"]


@pytest.fixture(scope="session")
def _template_is_there(postgres: EmbeddedServer, migrated_template: str) -> Iterator[None]:
    with copied_database(postgres, migrated_template, TEMPLATE):
        yield


@pytest.fixture
def on_the_tests_server(
    postgres: EmbeddedServer, _template_is_there: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Benchmarks make their warehouses on the session's server, which has migrated one before.

    `test_loading_loads_what_it_copied` does without, so that a server of a benchmark's own is started and removed.
    """

    def running_server() -> AbstractContextManager[EmbeddedServer]:
        return nullcontext(postgres)

    for name, module in list(sys.modules.items()):
        if name.startswith("benchmarks.") and hasattr(module, "running_server"):
            monkeypatch.setattr(module, "running_server", running_server)
