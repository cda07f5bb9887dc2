"""The recorded Magento 2 store as a process of its own, and a scripted one inside the test."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from include.magento.rest.address import BearerToken, Credentials, OAuthKeys, RestAddress

BEARER = BearerToken(token="tk")
KEYS = OAuthKeys(consumer_key="ck", consumer_secret="cs", token="tk", token_secret="ts")
RestStore = Callable[..., RestAddress]


@contextmanager
def serving_rest(
    program: Path, options: tuple[str, ...], credentials: Credentials = BEARER
) -> Iterator[RestAddress]:
    """The recorded store with these options, on a free port of the loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, str(program), "--port", str(port), *options], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield RestAddress(url=f"http://127.0.0.1:{port}/rest", credentials=credentials, timeout_seconds=20)
    finally:
        process.terminate()
        process.communicate()


@pytest.fixture(scope="module")
def rest_store(shared_dir: Path) -> Iterator[RestStore]:
    """Starts the recorded store with any options; each set of options once per module."""
    program = shared_dir / "tools" / "recorded_rest_store.py"
    running: dict[tuple[str, ...], RestAddress] = {}
    with ExitStack() as stack:

        def start(*options: str, credentials: Credentials = BEARER) -> RestAddress:
            if options not in running:
                running[options] = stack.enter_context(serving_rest(program, options))
            found = running[options]
            return RestAddress(url=found.url, credentials=credentials, timeout_seconds=20)

        yield start
