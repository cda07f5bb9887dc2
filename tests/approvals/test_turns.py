from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from include.approvals.turns import alone
from include.warehouse.engine import open_engine


def test_two_never_work_on_the_files_of_a_segment_at_once(database: Engine) -> None:
    impatient = open_engine(database.url.update_query_dict({"options": "-c lock_timeout=200ms"}))
    with alone(database, "champions"):
        with pytest.raises(OperationalError, match="lock timeout"), alone(impatient, "champions"):
            pytest.fail("two at once")
        with alone(impatient, "lost"):
            pass
    with alone(impatient, "champions"):
        pass
    impatient.dispose()
