"""Shipments: every header of the shop, by the number people see. Its record has no details, and its list no ids."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.wire.chain import contents
from tests.wire.conftest import Loaded
from tests.wire.recorded import truth
from tests.wire.values import instant


@pytest.fixture(params=["with_bridge", "without_bridge"])
def engine(request: pytest.FixtureRequest) -> Engine:
    loaded: Loaded = request.getfixturevalue(request.param)
    return loaded.engine


def test_every_shipment_is_there_with_the_header_of_the_truth(engine: Engine, truth_dir: Path) -> None:
    wanted = {
        f"us:{row['increment_id']}": (Decimal(str(row["total_qty"])), instant(str(row["created_at"])))
        for row in truth(truth_dir, "shipments")
    }
    names = ("shipped_qty", "source_created_at")
    found = {key: tuple(row[name] for name in names) for key, row in contents(engine, "shipments").items()}
    assert len(wanted) == 194
    assert found == wanted


def test_missing_details_are_said_and_not_taken_for_none(engine: Engine) -> None:
    statement = (
        "select distinct is_partial, remarks from ops.windows where entity = 'shipments' and read_count > 0"
    )
    with engine.connect() as connection:
        said = connection.execute(text(statement)).all()
    assert [(row.is_partial, "salesOrderShipmentInfo" in row.remarks) for row in said] == [(True, True)]
    for table in ("shipment_items", "shipment_tracks", "shipment_comments"):
        assert contents(engine, table) == {}
