"""What one run of write_back_outbox does for a channel, and in which order, whatever goes wrong on the way."""

from __future__ import annotations

from typing import Any

import pytest

from include.errors import TransientError
from tests.sync.shop import channel

pytestmark = pytest.mark.usefixtures("airflow_here")


@pytest.mark.parametrize("broken", ["reading", "sending"])
def test_records_are_read_again_before_and_after_whatever_becomes_of_the_sending(
    monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    from include.orchestration import write_back
    from include.orchestration.failures import SaidError
    from include.write_back import working_off

    steps: list[str] = []

    def does(step: str) -> Any:
        def work(*_: Any) -> tuple[dict[str, int], set[Any]]:
            steps.append(step)
            if step == broken:
                raise TransientError("The store is away.")
            return {}, set()

        return work

    monkeypatch.setattr(write_back, "_read_again", does("reading"))
    monkeypatch.setattr(working_off, "work_off", does("sending"))
    monkeypatch.setattr(write_back.resources, "identity", lambda engine: None)
    engine: Any = None
    with pytest.raises(SaidError, match="away"):
        write_back._sent_and_read(channel(), engine)
    assert steps == ["reading", "sending", "reading"]
