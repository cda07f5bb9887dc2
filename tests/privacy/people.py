"""Two people in every entity: Zelda, who is erased, and Ada, who is not. Zelda's data is in words nobody else uses."""

from __future__ import annotations

import json
from typing import Any

from include.magento.door import Record
from include.sync.staging import FolderPath
from tests.sync.records import address, credit_memo, customer, order
from tests.sync.shop import Shop

EMAIL = "zelda@quux.example"
AS_TYPED = " Zelda@Quux.example"
TRACES = ("zelda", "quux", "zlane", "zpassage", "zwish", "192.0.2.99", "0700-99")
"""What must not be found anywhere afterwards, in lower case."""

HOME = {
    "firstname": "Zelda",
    "lastname": "Quux",
    "street": "9 Zlane",
    "telephone": "0700-99",
    "city": "Quuxton",
}


def zelda(**changes: Any) -> Record:
    """Her account; customer 5."""
    book = [{"customer_address_id": "50", "country_id": "GB", **HOME}]
    return customer(5, email=AS_TYPED, firstname="Zelda", lastname="Quux", addresses=book) | changes


def her_order(order_id: int, /, **changes: Any) -> Record:
    """An order of hers, as a guest unless it has a customer_id."""
    return (
        order(
            order_id,
            customer_email=AS_TYPED,
            customer_firstname="Zelda",
            customer_lastname="Quux",
            remote_ip="192.0.2.99",
            gift_message="zwish",
            billing_address=address(order_id * 10 + 1, **HOME),
            shipping_address=address(order_id * 10 + 2, **HOME | {"street": "Zpassage"}),
            status_history=[
                {"increment_id": "1", "status": "new", "comment": "Call Zelda", "created_at": None}
            ],
        )
        | changes
    )


def her_memo(memo_id: int, /, **changes: Any) -> Record:
    """Money given back for the order of the same number."""
    comments = [{"comment_id": str(memo_id * 10), "comment": "Quux was angry", "created_at": None}]
    return credit_memo(memo_id, comments=comments) | changes


def settle(shop: Shop) -> None:
    """Load both people into every entity."""
    shop.load("customers", zelda(), customer(6))
    shop.load("orders", her_order(1, customer_id="5"), her_order(2), order(3))
    shop.load("credit_memos", her_memo(1), her_memo(2), credit_memo(3))


def traces(shop: Shop) -> list[str]:
    """Every place in the warehouse where something of hers is found."""
    return [
        f"{table}: {trace}"
        for table in shop.rows(
            "select table_schema || '.' || table_name from information_schema.tables"
            " where table_schema in ('crm', 'ops', 'report', 'marketing', 'staging') and table_type = 'BASE TABLE'"
        )
        for content in ["\n".join(shop.rows(f"select lower(t::text) from {table} as t"))]  # noqa: S608 - real names
        for trace in TRACES
        if trace in content
    ]


def traces_in_files(root: FolderPath) -> list[str]:
    """Files with something of hers, unpacked."""
    import gzip
    from pathlib import Path

    import pyarrow.parquet as pq

    found = []
    for path in Path(str(root)).rglob("*"):
        if path.name.endswith(".gz"):
            content = gzip.decompress(path.read_bytes()).decode()
        elif path.suffix == ".parquet":
            content = json.dumps(pq.read_table(path).to_pylist(), default=str)
        else:
            content = path.read_text() if path.is_file() else ""
        found += [f"{path.name}: {trace}" for trace in TRACES if trace in content.lower()]
    return found
