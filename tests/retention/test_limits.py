from __future__ import annotations

from datetime import UTC, datetime

import pytest

from include.errors import ConfigError
from include.retention.limits import Limits
from include.settings import PROJECT_ROOT

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def test_a_variable_changes_one_limit_and_leaves_the_others() -> None:
    limits = Limits.from_environment({"CRM_KEEP_CHECKS_DAYS": "7", "CRM_KEEP_LOGS_DAYS": ""})
    assert limits == Limits(checks=7)
    assert limits.before(NOW)["checks"] == datetime(2026, 4, 24, tzinfo=UTC)


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "a month", "99999999"])
def test_what_is_no_number_of_days_is_one_sentence(value: str) -> None:
    with pytest.raises(ConfigError, match="CRM_KEEP_LEDGER_DAYS is no number of days"):
        Limits.from_environment({"CRM_KEEP_LEDGER_DAYS": value})


def test_every_variable_is_in_the_example_with_its_default() -> None:
    example = (PROJECT_ROOT / ".env.example").read_text()
    for name in Limits.__dataclass_fields__:
        assert f"#CRM_KEEP_{name.upper()}_DAYS={getattr(Limits(), name)}\n" in example
