"""`python -m benchmarks [name ...]`: measure, print, and fail when a bound is missed."""

from __future__ import annotations

import argparse
import importlib
import sys

NAMES = (
    "extraction",
    "loading",
    "accounts",
    "reports",
    "segments",
    "export",
    "dag_parsing",
    "chain",
    "unchanged",
    "write_back",
    "against_zeep",
    "against_dlt",
    "against_dlt_rest",
)
BY_NAME_ONLY = ("hundred_thousand",)
"""They take so long that they run only when they are asked for."""


def main(arguments: list[str] | None = None) -> int:
    """Run the chosen benchmarks; 0 when every bound holds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        metavar="name",
        help=f"{', '.join(NAMES)}: these by default; {', '.join(BY_NAME_ONLY)}",
    )
    names = parser.parse_args(arguments).names or list(NAMES)
    known = (*NAMES, *BY_NAME_ONLY)
    unknown = sorted(set(names) - set(known))
    if unknown:
        parser.error(f"there is no benchmark {', '.join(unknown)}: choose from {', '.join(known)}")
    passed = True
    for name in names:
        report = importlib.import_module(f"benchmarks.{name}").run()
        print(report.as_text(), end="\n\n", flush=True)
        passed &= report.has_passed
    print("All bounds hold." if passed else "A bound is missed: see the lines marked MISSED.")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
