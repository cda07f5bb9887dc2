"""Warehouses fed from the recorded store: each way of loading happens once a session, tests that write get a copy.

Copying a loaded database takes a tenth of a second, loading one takes seconds.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from include.magento.address import StoreAddress
from include.reports.loading import load_reports
from include.reports.refresh import refresh_report
from include.warehouse.engine import open_engine
from include.warehouse.server import EmbeddedServer
from tests.copied_database import copied_database
from tests.magento.conftest import serving
from tests.sync.migrated_warehouse import migrated_template
from tests.wire.chain import Chain, channel

__all__ = ["migrated_template"]

REFRESHED_AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
Outcomes = dict[str, dict[str, int]]
Recorded = Callable[..., StoreAddress]
Fresh = Callable[..., Chain]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A chain after its first run; for reading only."""

    chain: Chain
    outcomes: Outcomes
    log: tuple[str, ...]

    @property
    def engine(self) -> Engine:
        """The loaded warehouse."""
        return self.chain.engine


@pytest.fixture(scope="session")
def store(shared_dir: Path) -> Path:
    """Every row of the recorded shop, one file per SOAP method."""
    return shared_dir / "magento1" / "store"


@pytest.fixture(scope="session")
def truth_dir(shared_dir: Path) -> Path:
    """What the recorded shop's database held."""
    return shared_dir / "magento1" / "truth"


@pytest.fixture(scope="session")
def recorded(shared_dir: Path) -> Iterator[Recorded]:
    """Starts the recorded store with any options; each set of options once a session."""
    running: dict[tuple[str, ...], StoreAddress] = {}
    with ExitStack() as stack:

        def start(*options: str) -> StoreAddress:
            if options not in running:
                program = shared_dir / "tools" / "recorded_store.py"
                running[options] = stack.enter_context(serving(program, options))
            return running[options]

        yield start


_ENGINES: set[Engine] = set()


@pytest.fixture(autouse=True)
def _no_idle_connections() -> Iterator[None]:
    """Warehouses live as long as the session; what they hold open between tests would use up the server's."""
    yield
    for engine in _ENGINES:
        engine.dispose()


@contextmanager
def _database(server: EmbeddedServer, template: str) -> Iterator[Engine]:
    """A new database, copied from another one that nobody is connected to; dropped afterwards."""
    with copied_database(server, template, f"wire_{uuid4().hex[:12]}") as url:
        engine = open_engine(url)
        _ENGINES.add(engine)
        try:
            yield engine
        finally:
            engine.dispose()
            _ENGINES.discard(engine)


@contextmanager
def _chains(
    postgres: EmbeddedServer, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fresh]:
    with ExitStack() as stack:

        def make(like: Chain | None = None, **settings: object) -> Chain:
            if like is not None:
                like.engine.dispose()
            template = migrated_template if like is None else str(like.engine.url.database)
            engine = stack.enter_context(_database(postgres, template))
            root = tmp_path_factory.mktemp("staging") if like is None else like.root
            known = {"channel": channel()} if like is None else {"channel": like.channel}
            return Chain(engine=engine, root=root, **known | settings)  # type: ignore[arg-type]

        yield make


@pytest.fixture(scope="session")
def lasting(
    postgres: EmbeddedServer, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fresh]:
    """Makes chains for all modules, on warehouses that are there until the session ends."""
    with _chains(postgres, migrated_template, tmp_path_factory) as make:
        yield make


@pytest.fixture(scope="module")
def fresh(
    postgres: EmbeddedServer, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fresh]:
    """Makes chains on warehouses of their own: empty, or as another chain left its own."""
    with _chains(postgres, migrated_template, tmp_path_factory) as make:
        yield make


class _Lines(logging.Handler):
    """Keeps every line, as a file would show it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def _logged() -> Iterator[_Lines]:
    """Every line any library logs, debug included."""
    kept, root = _Lines(), logging.getLogger()
    level = root.level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    try:
        yield kept
    finally:
        root.removeHandler(kept)
        root.setLevel(level)


def _loaded(chain: Chain, address: StoreAddress) -> Loaded:
    with _logged() as log:
        outcomes = chain.load(address)
    return Loaded(chain=chain, outcomes=outcomes, log=tuple(log.lines))


@pytest.fixture(scope="session")
def with_bridge(lasting: Fresh, recorded: Recorded) -> Loaded:
    """The whole shop, read with the bridge."""
    return _loaded(lasting(), recorded())


@pytest.fixture(scope="session")
def without_bridge(lasting: Fresh, recorded: Recorded) -> Loaded:
    """The whole shop, read with stock Magento's calls alone."""
    return _loaded(lasting(), recorded("--no-bridge"))


@pytest.fixture(scope="session")
def refreshed(lasting: Fresh, with_bridge: Loaded) -> Engine:
    """The shop read with the bridge and every report computed; for reading only."""
    engine = lasting(like=with_bridge.chain).engine
    for report in load_reports().reports.values():
        refresh_report(engine, report, now=REFRESHED_AT)
    return engine
