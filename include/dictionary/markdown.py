"""Markdown tables whose cells cannot break them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a table; one without rows is left out whole."""
    lines = [_line(row) for row in rows]
    return [_line(head), _line(["---"] * len(head)), *lines, ""] if lines else []


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"
