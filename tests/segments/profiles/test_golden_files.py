"""Every profile against a file that was looked through by hand.

When a platform's rules change, change the version in `rules`, write the file anew and read the difference:
`PYTHONPATH=. .venv/bin/python -m tests.segments.profiles.test_golden_files`.
"""

from __future__ import annotations

import pytest

from include.segments.profiles.registry import PROFILES
from tests.segments.profiles.population import GOLDEN, file_of, laid_out


@pytest.mark.parametrize("name", PROFILES)
def test_file_is_what_the_platform_imports(name: str) -> None:
    assert file_of(laid_out(name)).decode() == (GOLDEN / f"{name}.csv").read_bytes().decode()


if __name__ == "__main__":
    for each in PROFILES:
        (GOLDEN / f"{each}.csv").write_bytes(file_of(laid_out(each)))
