from __future__ import annotations

from typing import Any

import pytest

from include.sync.great_expectations_import import quieten
from include.sync.kept_descriptions import descriptions_kept


@pytest.fixture
def expect() -> Any:
    """Makes one kind of expectation."""
    quieten()
    import great_expectations.expectations as gxe

    return gxe.ExpectColumnValuesToNotBeNull


def test_an_expectation_is_described_and_read_once_for_that_long(expect: Any) -> None:
    one = expect(column="a")
    with descriptions_kept():
        description = one.configuration
        assert one.configuration is description
        assert description.to_domain_obj() is description.to_domain_obj()
    assert one.configuration is not description
    assert description.to_domain_obj() is not description.to_domain_obj()


def test_expectations_that_are_equal_keep_descriptions_of_their_own(expect: Any) -> None:
    with descriptions_kept():
        described = [expect(column="a").configuration for _ in range(50)]
        assert len({id(description) for description in described}) == 50
        assert expect(column="b").configuration.kwargs == {"column": "b"}


def test_nothing_is_kept_from_one_validation_to_the_next(expect: Any) -> None:
    one = expect(column="a")
    with descriptions_kept():
        before = one.configuration
    one.column = "b"
    with descriptions_kept():
        assert one.configuration is not before
        assert one.configuration.kwargs == {"column": "b"}
