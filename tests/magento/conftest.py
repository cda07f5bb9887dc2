"""The recorded store as a process of its own, for the tests of everything that talks to a store."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from include.magento.address import StoreAddress

RecordedStore = Callable[..., StoreAddress]


@contextmanager
def serving(program: Path, options: tuple[str, ...]) -> Iterator[StoreAddress]:
    """The recorded store with these options, on a free port of the loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, str(program), "--port", str(port), *options], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().partition(": ")[2].strip()
        yield StoreAddress(wsdl_url=url, user="crm_sync", api_key="crm-sync-key")
    finally:
        process.terminate()
        process.communicate()


@pytest.fixture(scope="module")
def recorded_store(shared_dir: Path) -> Iterator[RecordedStore]:
    """Starts the recorded store with any options; each set of options once per module."""
    program = shared_dir / "tools" / "recorded_store.py"
    running: dict[tuple[str, ...], StoreAddress] = {}
    with ExitStack() as stack:

        def start(*options: str) -> StoreAddress:
            if options not in running:
                running[options] = stack.enter_context(serving(program, options))
            return running[options]

        yield start


@pytest.fixture(scope="session")
def envelopes(shared_dir: Path) -> Path:
    """Requests and responses of single calls, in `std` and `wsi`."""
    return shared_dir / "magento1" / "envelopes"
