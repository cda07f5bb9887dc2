"""A quiet console: what a command has to say on the screen, everything Airflow says in a log file.

Airflow and its libraries write to the process's own stdout and stderr, also from threads and C code, so the file
descriptors themselves are pointed at the log while the command keeps a copy of the terminal's.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from include.errors import ConfigError
from include.private_storage import make_private_folder


@contextmanager
def quiet(log: Path) -> Iterator[TextIO]:
    """Send the process's output to the log file; gives the stream that still reaches the reader.

    Raises:
        ConfigError: the log file cannot be written.
    """
    written = _opened(log)
    sys.stdout.flush()
    sys.stderr.flush()
    screen = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    kept = os.dup(2)
    with os.fdopen(written, "wb", buffering=0) as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        try:
            yield screen
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os.dup2(screen.fileno(), 1)
            os.dup2(kept, 2)
            os.close(kept)
            screen.close()


def _opened(log: Path) -> int:
    """File descriptor of the log, empty and for its owner's eyes only."""
    try:
        make_private_folder(log.parent)
        return os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise ConfigError(
            f"The log {log} cannot be written ({error.strerror}): set CRM_DATA_DIR to a folder of yours that has space."
        ) from error
