from __future__ import annotations

import pytest

from include.entities.catalogue import entity
from include.identity.guest_keys import GuestKeys
from include.sync.flatten import flatten
from include.sync.mapping import mapping_of
from tests.sync.records import directory, region
from tests.sync.shop import REPORT, channel

CONTEXT = mapping_of(channel(), REPORT, GuestKeys(b"secret"))


@pytest.mark.parametrize(
    ("country", "code", "combined"),
    [
        ("CH", "BE", "CH-BE"),
        ("FR", "1", "FR-1"),
        ("LT", "LT-AL", "LT-AL"),
        ("FI", "Etelä-Savo", "FI-Etelä-Savo"),
    ],
)
def test_country_and_code_are_joined_unless_the_code_is_whole(country: str, code: str, combined: str) -> None:
    record = directory(regions=[region(5, country, code, "Somewhere")])
    (row,) = flatten([record], entity("regions"), "magento1", CONTEXT).frames["regions"].to_pylist()
    assert (row["combined_code"], row["country_key"]) == (combined, f"us:{country}")
