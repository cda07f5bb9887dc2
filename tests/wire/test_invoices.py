"""Invoices: every header of the shop. Its record has no details: the store lists their call and does not know it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.wire.chain import contents
from tests.wire.conftest import Loaded
from tests.wire.recorded import truth
from tests.wire.values import instant

STATES = {"1": "open", "2": "paid", "3": "canceled"}


@pytest.fixture(params=["with_bridge", "without_bridge"])
def engine(request: pytest.FixtureRequest) -> Engine:
    loaded: Loaded = request.getfixturevalue(request.param)
    return loaded.engine


def test_every_invoice_is_there_with_the_header_of_the_truth(engine: Engine, truth_dir: Path) -> None:
    wanted = {
        f"us:{row['entity_id']}": (
            row["increment_id"],
            f"us:{row['order_id']}",
            Decimal(str(row["grand_total"])),
            STATES[str(row["state"])],
            instant(str(row["created_at"])),
        )
        for row in truth(truth_dir, "invoices")
    }
    names = ("invoice_number", "order_key", "grand_total_amount", "state", "source_created_at")
    found = {key: tuple(row[name] for name in names) for key, row in contents(engine, "invoices").items()}
    assert len(wanted) == 238
    assert found == wanted


def test_invoices_add_up_to_what_each_order_says_was_invoiced(engine: Engine) -> None:
    statement = text(
        "select count(*), count(*) filter (where orders.total_invoiced_amount = billed.amount)"
        " from crm.orders as orders join (select order_key, sum(grand_total_amount) as amount"
        " from crm.invoices group by order_key) as billed using (order_key)"
    )
    with engine.connect() as connection:
        orders, equal = connection.execute(statement).one()
    assert orders == equal > 200


def test_missing_details_are_said_and_not_taken_for_none(engine: Engine) -> None:
    with engine.connect() as connection:
        said = connection.execute(
            text(
                "select distinct is_partial, remarks from ops.windows where entity = 'invoices' and read_count > 0"
            )
        ).all()
    assert [(row.is_partial, "salesOrderInvoiceInfo" in row.remarks) for row in said] == [(True, True)]
    assert contents(engine, "invoice_items") == contents(engine, "invoice_comments") == {}
