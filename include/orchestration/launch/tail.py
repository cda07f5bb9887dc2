"""The end of a log file, to be shown when the process that wrote it failed."""

from __future__ import annotations

from pathlib import Path

_BYTES = 16_384


def last_lines(path: Path, count: int = 15) -> str:
    """Last lines of a file, at most 16 kB of it; empty if there is no such file."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _BYTES))
            text = file.read().decode("utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-count:])
